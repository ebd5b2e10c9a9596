import { chooseTarget, chosenTarget } from '../state/actions.ts'
import { overview } from '../state/overview.ts'

/** Chooses where replays and samples go: the receiver's own address, unless another is written here. */
export function TargetField() {
  return (
    <label class="target">
      <span>to</span>
      <input
        type="url"
        aria-label="Address of the receiver, on this machine"
        placeholder={overview.value?.target ?? 'http://localhost:3000/webhooks'}
        value={chosenTarget.value}
        spellcheck={false}
        onInput={(event) => chooseTarget(event.currentTarget.value)}
      />
    </label>
  )
}
