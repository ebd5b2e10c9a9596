import { type MaybePromise, orFalse } from '../options/maybe-promise.js'
import type { ClaimLock } from './claim-lock.js'

/**
 * Two locks of one event. The first decides; the second follows it, and what becomes of that changes nothing: where the
 * second is behind, the next delivery finds the first.
 */
export function lockBoth(first: ClaimLock, second: ClaimLock): ClaimLock {
  const follow = async (isHeld: boolean, act: () => MaybePromise<boolean>) => {
    if (isHeld) await orFalse(act())
    return isHeld
  }
  return {
    complete: async () => follow(await first.complete(), () => second.complete()),
    // The second is completed once the transaction is known to be committed.
    completeWithin: (options) => first.completeWithin(options),
    isDone: async () => follow(await first.isDone(), () => second.complete()),
    release: async () => follow(await first.release(), () => second.release()),
    extend: async (leaseMs) => follow(await first.extend(leaseMs), () => second.extend(leaseMs)),
  }
}
