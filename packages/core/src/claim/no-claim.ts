import type { DeliveryClaim } from '../delivery/received-delivery.js'

/** Stands for the claim of an event that is handled without one: the store is down, and `handleWhenStoreIsDown` is set. */
export const NO_CLAIM: DeliveryClaim = {
  get signal() {
    neverAborted ??= new AbortController().signal
    return neverAborted
  },
  complete(options) {
    if (options !== undefined && 'within' in options) {
      throw new Error('complete({ within }): without a claim, because the store is down, there is no mark')
    }
    return Promise.resolve(false)
  },
  release: () => Promise.resolve(false),
}

/** Made when first asked for: some runtimes allow none while a module is loaded. */
let neverAborted: AbortSignal | undefined
