import { type Broken, found } from './broken.js'
import { type Breakage, inFlight } from './reference-store.js'

/** Stores that measure by the clock of the process, each at one place. */
export function wrongClocks(): Record<string, Broken> {
  const startedAt = Date.now()
  /** How far the clock of the process is wrong. The tests move it by days. */
  const wrongByMs = () => Math.round((Date.now() - startedAt) / 43_200_000) * 43_200_000
  const claims =
    (factor: number): Breakage =>
    (store) => ({
      claim: (key, leaseMs) => store.claim(key, leaseMs + factor * wrongByMs()),
    })
  const right = 'keeps the length of a lease: the clock of the claimer is '
  return {
    'starts a lease by the clock of the process': found(
      `${right}a day behind, the clock of the other is right`,
      claims(1),
    ),
    'ends a lease by the clock of the process': found(
      `${right}right, the clock of the other is a day ahead`,
      (store) => ({
        claim: async (key, leaseMs) => {
          const row = store.rowOf(key)
          const hasEnded = row?.state === 'claimed' && row.endsAt <= store.data.nowMs + wrongByMs()
          return hasEnded ? store.grant(key, leaseMs) : store.claim(key, leaseMs)
        },
      }),
    ),
    'tells the remaining lease by the clock of the process': found(
      `${right}a day ahead, the clock of the other is a day behind`,
      (store) => ({
        claim: async (key, leaseMs) => {
          const claim = await store.claim(key, leaseMs)
          return claim.status === 'in-flight' ? inFlight(claim.retryAfterMs - wrongByMs()) : claim
        },
      }),
    ),
    'extends by the clock of the process': found('ends the lease of a process whose clock is a day ahead', (store) => ({
      extend: (key, token, ms) => store.extend(key, token, ms + wrongByMs()),
    })),
    'keeps a done key by the clock of the process that completed it': found(
      'remembers a key that a process with a clock a day behind completed',
      (store) => ({ complete: (key, token, ms) => store.complete(key, token, ms + Math.min(wrongByMs(), 0)) }),
    ),
    'keeps a done key too long by the clock of the process that completed it': found(
      'forgets in time a key that a process with a clock a day ahead completed',
      (store) => ({ complete: (key, token, ms) => store.complete(key, token, ms + Math.max(wrongByMs(), 0)) }),
    ),
  }
}
