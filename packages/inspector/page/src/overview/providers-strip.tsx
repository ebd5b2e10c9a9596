import type { Overview } from '../../../src/api.ts'
import { agoText } from '../format/time.ts'
import { now } from '../state/clock.ts'
import { filters, setFilters } from '../state/filters.ts'
import { overview } from '../state/overview.ts'

type ProviderView = Overview['providers'][number]

/** Shows when each provider was last heard of. A click shows its deliveries only. */
export function ProvidersStrip() {
  const providers = overview.value?.providers
  if (providers === undefined) return <SkeletonStrip />
  if (providers.length === 0) return <p class="strip-empty">No provider has delivered yet.</p>
  return (
    <ul class="strip" aria-label="Providers">
      {providers.map((provider) => (
        <li key={`${provider.name} ${provider.account ?? ''}`}>
          <ProviderChip provider={provider} />
        </li>
      ))}
    </ul>
  )
}

function ProviderChip({ provider }: { readonly provider: ProviderView }) {
  const { name, title, account, lastReceivedAt, states } = provider
  const isChosen = filters.value.provider === name
  const failed = (states.failed ?? 0) + (states.dead ?? 0)
  return (
    <button
      type="button"
      class="provider"
      aria-pressed={isChosen}
      onClick={() => setFilters({ provider: isChosen ? '' : name })}
    >
      <span class="provider-title">
        {title}
        {account !== undefined && <span class="provider-account">{account}</span>}
      </span>
      <span class="provider-silence">
        {lastReceivedAt === undefined ? 'nothing yet' : agoText(lastReceivedAt, now.value)}
      </span>
      {failed > 0 && <span class="provider-failed">{failed} failed</span>}
    </button>
  )
}

function SkeletonStrip() {
  return (
    <div class="strip" aria-hidden="true">
      <span class="provider is-skeleton" />
      <span class="provider is-skeleton" />
      <span class="provider is-skeleton" />
    </div>
  )
}
