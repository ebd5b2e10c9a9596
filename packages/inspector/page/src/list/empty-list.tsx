import { CopyButton } from '../parts/copy-button.tsx'
import { Icon } from '../parts/icon.tsx'
import { isSending } from '../send/is-sending.ts'
import { clearFilters } from '../state/filters.ts'
import { overview } from '../state/overview.ts'

const CONNECT = `webhooks({ providers, journal: inspector.journal })`

export function NothingMatches() {
  return (
    <div class="empty">
      <p class="empty-title">No delivery matches these filters.</p>
      <p>Deliveries that match appear here as they arrive.</p>
      <button type="button" class="button" onClick={clearFilters}>
        Clear the filters
      </button>
    </div>
  )
}

export function ConnectReceiver() {
  return (
    <div class="empty">
      <p class="empty-title">Waiting for the first delivery</p>
      {overview.value?.listens ? <Listening /> : <Connecting />}
      <button type="button" class="button" onClick={() => (isSending.value = true)}>
        <Icon name="send" /> Send a sample
      </button>
    </div>
  )
}

function Connecting() {
  return (
    <>
      <p>Give the inspector's journal to your receiver. Each delivery then appears here, refused ones too.</p>
      <div class="code-line">
        <code>{CONNECT}</code>
        <CopyButton label="Copy" text={() => CONNECT} />
      </div>
    </>
  )
}

function Listening() {
  return (
    <p>
      Each request to this inspector's <code>listen</code> goes on to <code>{overview.value?.target}</code> and appears
      here.
    </p>
  )
}
