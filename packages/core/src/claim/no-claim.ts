import type { DeliveryClaim } from '../delivery/received-delivery.js'

/** Replaces the claim if the store is down and `handleWhenStoreIsDown` is set. */
export const NO_CLAIM: DeliveryClaim = {
  get signal() {
    neverAborted ??= new AbortController().signal
    return neverAborted
  },
  complete(options) {
    if (options !== undefined && 'within' in options) {
      throw new Error('complete({ within }): the store is down, so the event has no claim to mark')
    }
    return Promise.resolve(false)
  },
  release: () => Promise.resolve(false),
}

/** Created on first use, because some runtimes allow no AbortController while a module loads. */
let neverAborted: AbortSignal | undefined
