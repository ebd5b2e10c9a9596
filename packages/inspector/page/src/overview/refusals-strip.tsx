import { Icon } from '../parts/icon.tsx'
import { filters, setFilters } from '../state/filters.ts'
import { overview } from '../state/overview.ts'

/** Counts the refusals of the last hour by code. A click shows those of one code. */
export function RefusalsStrip() {
  const refusals = overview.value?.refusals
  if (refusals === undefined) return <p class="refusals" />
  if (refusals.length === 0) return <p class="refusals is-none">Nothing refused in the last hour</p>
  return (
    <div class="refusals">
      <span class="refusals-title">
        <Icon name="Refused" />
        Refused in the last hour
      </span>
      {refusals.map(({ code, count }) => (
        <RefusalChip key={code} code={code} count={count} />
      ))}
    </div>
  )
}

function RefusalChip({ code, count }: { readonly code: string; readonly count: number }) {
  const isChosen = filters.value.code === code
  return (
    <button
      type="button"
      class="chip tone-refused"
      aria-pressed={isChosen}
      onClick={() => setFilters({ code: isChosen ? '' : code })}
    >
      <span class="code">{code}</span>
      <span class="count">{count.toLocaleString('en')}</span>
    </button>
  )
}
