import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { Results } from '../parts/results.tsx'
import { TargetField } from '../parts/target-field.tsx'
import { act, sampleOutcome } from '../state/actions.ts'
import { catalog, catalogError, isCatalogLoading, loadCatalog } from './catalog.ts'
import { PayloadField } from './payload-field.tsx'
import { chooseEvent, chooseProvider, event, payloadFault, payloadText, provider } from './sample.ts'

/** Sends a sample of an event, signed with the receiver's own secret, with fields as they are edited here. */
export function SendForm() {
  useEffect(() => void loadCatalog(), [])
  if (isCatalogLoading.value) return <p class="dialog-body muted">Loading the samples …</p>
  if (catalogError.value !== undefined) return <p class="dialog-body tone-bad">{catalogError.value}</p>
  if (provider.value === undefined) {
    return <p class="dialog-body">No receiver has told its providers yet. Connect one, or let one delivery arrive.</p>
  }
  return (
    <form
      class="dialog-body send"
      onSubmit={(submit) => {
        submit.preventDefault()
        void send()
      }}
    >
      <div class="send-choices">
        <ProviderChoice />
        <EventChoice />
      </div>
      <p class="muted send-description">{event.value?.description}</p>
      <PayloadField />
      {provider.value.disabledBecause !== undefined && <p class="tone-refused">{provider.value.disabledBecause}</p>}
      <div class="send-foot">
        <TargetField />
        <button type="submit" class="button is-primary" disabled={!canSend()}>
          <Icon name="send" />
          Send
        </button>
      </div>
      <Results outcome={sampleOutcome.value} />
    </form>
  )
}

const canSend = () => provider.value?.canSign === true && payloadFault.value === undefined

async function send(): Promise<void> {
  if (!canSend() || provider.value === undefined || event.value === undefined) return
  const { type } = event.value
  const request = { what: 'send', provider: provider.value.name, type, payload: JSON.parse(payloadText.value) } as const
  await act(`Sent ${type}`, request, sampleOutcome)
}

function ProviderChoice() {
  return (
    <label class="field">
      <span>Provider</span>
      <select value={provider.value?.name} onChange={(change) => chooseProvider(change.currentTarget.value)}>
        {catalog.value.map(({ name, title, canSign }) => (
          <option key={name} value={name}>
            {canSign ? title : `${title} (cannot sign)`}
          </option>
        ))}
      </select>
    </label>
  )
}

function EventChoice() {
  return (
    <label class="field">
      <span>Event</span>
      <select value={event.value?.type} onChange={(change) => chooseEvent(change.currentTarget.value)}>
        {provider.value?.events.map(({ type }) => (
          <option key={type} value={type}>
            {type}
          </option>
        ))}
      </select>
    </label>
  )
}
