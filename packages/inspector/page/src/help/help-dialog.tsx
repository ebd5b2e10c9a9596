import { Dialog } from '../parts/dialog.tsx'
import { Key } from '../parts/key.tsx'
import { isHelping } from './is-helping.ts'

const KEYS: readonly (readonly [names: readonly string[], effect: string])[] = [
  [['j', 'k'], 'Next and previous delivery'],
  [['Enter'], 'Open the delivery'],
  [['r'], 'Replay the open delivery as it came'],
  [['/'], 'Search by address, domain or id'],
  [['Esc'], 'Close, then go back to the newest'],
  [['?'], 'This help'],
]

export function HelpDialog() {
  return (
    <Dialog title="Keyboard and help" isOpen={isHelping}>
      <div class="dialog-body">
        <dl class="keys">
          {KEYS.map(([names, effect]) => (
            <div key={effect}>
              <dt>
                <span class="sr-only">{names.join(' and ')}</span>
                {names.map((name) => (
                  <Key key={name} name={name} />
                ))}
              </dt>
              <dd>{effect}</dd>
            </div>
          ))}
        </dl>
        <p class="muted">
          While a delivery is selected, or the list is scrolled, the list does not move. New deliveries are counted
          above it.
        </p>
        <p class="muted">Everything here stays on this machine. The page loads nothing from any other host.</p>
      </div>
    </Dialog>
  )
}
