import { type State, statusText, toneOfStatus, VERDICTS } from '../format/verdict.ts'
import { Icon, type IconName } from './icon.tsx'

/** The state of a delivery as icon and word. */
export function Verdict({ state }: { readonly state: State }) {
  const { word, tone } = VERDICTS[state]
  return (
    <span class={`verdict tone-${tone}`}>
      <Icon name={word as IconName} />
      <span class="verdict-word">{word}</span>
    </span>
  )
}

export function Status({ status }: { readonly status: number }) {
  return <span class={`status tone-${toneOfStatus(status)}`}>{statusText(status)}</span>
}
