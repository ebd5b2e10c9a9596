import { Icon } from '../parts/icon.tsx'
import { now } from '../state/clock.ts'
import { connection, connectNow } from '../state/connection.ts'

/** Says that nothing new is shown, and when the page tries again. */
export function LostConnection() {
  const state = connection.value
  if (state.kind !== 'lost') return null
  // Read, so that the seconds count down.
  now.value
  const seconds = Math.max(0, Math.ceil((state.retryAt - Date.now()) / 1000))
  return (
    <div class="notice is-warning" role="status">
      <Icon name="warning" />
      <p>
        <strong>Disconnected.</strong> {state.because} New deliveries appear once it is back.{' '}
        {seconds === 0 ? 'Connecting …' : `Next try in ${seconds} s.`}
      </p>
      <button type="button" class="button" onClick={connectNow}>
        Try now
      </button>
    </div>
  )
}
