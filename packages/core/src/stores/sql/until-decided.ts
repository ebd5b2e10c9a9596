import { setTimeout as pause } from 'node:timers/promises'
import { rethrowAdvised } from './rethrow-advised.js'
import { isConflict } from './sql-errors.js'

/** Longer than any statement of the store, and shorter than the time that a receiver waits for it. */
const PATIENCE_MS = 1_000
const LONGEST_PAUSE_MS = 50

export interface Patience {
  readonly patienceMs?: number
  /** Made even if the first of them took longer, as on a busy machine. Default 1. */
  readonly leastAttempts?: number
}

/**
 * Retries an attempt that was not decided, because of a conflict or a locked row. The store's own statements hold their
 * locks briefly. A transaction of the user may hold its lock for long, and is not waited for.
 */
export async function untilDecided<T>(
  attempt: () => Promise<T | undefined>,
  { patienceMs = PATIENCE_MS, leastAttempts = 1 }: Patience = {},
): Promise<T> {
  const startedAt = performance.now()
  let cause: unknown
  for (let attempts = 1, pauseMs = 1; ; attempts++, pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      const result = await attempt()
      if (result !== undefined) return result
    } catch (error) {
      if (!isConflict(error)) rethrowAdvised(error)
      cause = error
    }
    if (attempts >= leastAttempts && performance.now() - startedAt > patienceMs) break
    // Random pauses, so that two attempts do not collide again.
    await pause(pauseMs * (0.5 + Math.random()))
  }
  throw new Error('Another transaction holds a lock on the row.', { cause })
}
