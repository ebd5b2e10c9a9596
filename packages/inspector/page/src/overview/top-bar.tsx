import { isHelping } from '../help/is-helping.ts'
import { Icon } from '../parts/icon.tsx'
import { isSending } from '../send/is-sending.ts'
import { ConnectionStatus } from './connection-status.tsx'
import { PlayedAnswer } from './played-answer.tsx'

export function TopBar() {
  return (
    <header class="top-bar">
      <h1 class="brand">
        mailbox-hooks <span class="brand-part">Inspector</span>
      </h1>
      <ConnectionStatus />
      <span class="space" />
      <PlayedAnswer />
      <button type="button" class="button" onClick={() => (isSending.value = true)}>
        <Icon name="send" />
        <span>
          Send<span class="wide-only"> a sample</span>
        </span>
      </button>
      <button
        type="button"
        class="button is-quiet is-square"
        aria-label="Keyboard and help"
        onClick={() => (isHelping.value = true)}
      >
        <Icon name="help" />
      </button>
    </header>
  )
}
