import type { Detail, DoRequest } from '../../../src/api.ts'
import { Icon } from '../parts/icon.tsx'
import { Key } from '../parts/key.tsx'
import { Results } from '../parts/results.tsx'
import { Section } from '../parts/section.tsx'
import { TargetField } from '../parts/target-field.tsx'
import { act, outcome } from '../state/actions.ts'
import { replayOpened } from '../state/replay-opened.ts'
import { CopyAs } from './copy-as.tsx'

type What = DoRequest['what']

/** What can be done again, with its effect as the receiver should see it. */
const AGAIN: readonly (readonly [what: What, label: string, title: string, hint: string])[] = [
  ['resign', 'Re-signed', 'Re-signed now', 'With a new time and signature, as a retry of the provider'],
  ['tamper', 'Tampered', 'Tampered with', 'With a changed body under the old signature: must be refused'],
  ['stale', 'Stale', 'Sent as stale', 'With an old time, well signed: must be refused'],
  ['twice', 'Twice at once', 'Sent twice at once', 'Two at the same moment: one must be handled'],
  ['reorder', 'Out of order', 'Sent out of order', 'After a newer event of the same entity'],
]

export function Actions({ detail }: { readonly detail: Detail }) {
  const replay = detail.actions.find(({ name }) => name === 'replay')
  const shown = outcome.value
  return (
    <Section title="Send it again" aside={<TargetField />}>
      <div class="actions">
        <button
          type="button"
          class="button is-primary"
          disabled={isDisabled(replay)}
          title={replay?.disabledBecause ?? 'The same bytes and headers again'}
          onClick={replayOpened}
        >
          <Icon name="replay" />
          Replay
          <Key name="r" />
        </button>
        {AGAIN.map((again) => (
          <Again key={again[0]} detail={detail} again={again} />
        ))}
      </div>
      <Disabled detail={detail} />
      <Results outcome={shown} />
      <CopyAs detail={detail} />
    </Section>
  )
}

function Again({
  detail,
  again: [what, label, title, hint],
}: {
  readonly detail: Detail
  readonly again: (typeof AGAIN)[number]
}) {
  const action = detail.actions.find(({ name }) => name === what)
  if (action === undefined) return null
  return (
    <button
      type="button"
      class="button"
      disabled={isDisabled(action)}
      title={action.disabledBecause ?? hint}
      onClick={() => act(title, { what, key: detail.row.key })}
    >
      {label}
    </button>
  )
}

/** Says once why buttons are grey, because nobody guesses it. */
function Disabled({ detail }: { readonly detail: Detail }) {
  const reasons = new Set(detail.actions.flatMap(({ disabledBecause }) => disabledBecause ?? []))
  if (reasons.size === 0) return null
  return (
    <ul class="reasons">
      {[...reasons].map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  )
}

function isDisabled(action: Detail['actions'][number] | undefined): boolean {
  return action === undefined || action.disabledBecause !== undefined
}
