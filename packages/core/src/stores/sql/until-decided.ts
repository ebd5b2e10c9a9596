import { setTimeout as pause } from 'node:timers/promises'
import { rethrowAdvised } from './rethrow-advised.js'
import { isConflict } from './sql-errors.js'

/** Long beside any statement of the store, short beside the time that a receiver waits for it. */
const PATIENCE_MS = 1_000
const LONGEST_PAUSE_MS = 50

/**
 * Repeats what could not be decided: where others were let go first, or where a row is locked. Locks of the store's own
 * statements are gone in a moment; a transaction of the user's may keep its own for long, and is not waited for.
 */
export async function untilDecided<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  const startedAt = performance.now()
  let cause: unknown
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      const result = await attempt()
      if (result !== undefined) return result
    } catch (error) {
      if (!isConflict(error)) rethrowAdvised(error)
      cause = error
    }
    if (performance.now() - startedAt > PATIENCE_MS) break
    // Those who met once must not meet again.
    await pause(pauseMs * (0.5 + Math.random()))
  }
  throw new Error('Another transaction keeps the row locked.', { cause })
}
