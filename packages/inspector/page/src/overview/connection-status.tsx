import { connection } from '../state/connection.ts'

const WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Disconnected' } as const

export function ConnectionStatus() {
  const { kind } = connection.value
  return (
    <span class={`connection is-${kind}`} role="status">
      <span class="dot" aria-hidden="true" />
      {WORDS[kind]}
    </span>
  )
}
