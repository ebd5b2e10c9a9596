import type { MaybePromise } from '../options/maybe-promise.js'
import type { CompleteOptions } from '../stores/dedup-store.js'
import type { GuardedStore } from './guarded-store.js'

/**
 * The lock behind a claim, bound to its key and token. Its methods return false if the token no longer holds, and fail if
 * the result is unknown.
 */
export interface ClaimLock {
  /** Marks the event as handled. */
  complete(): MaybePromise<boolean>
  /** Marks the event as handled in the handler's transaction. Throws if the token does not hold. */
  completeWithin(options: CompleteOptions): Promise<boolean>
  /** Returns whether the mark of `completeWithin` was committed. */
  isDone(): Promise<boolean>
  /** Releases the event. */
  release(): MaybePromise<boolean>
  /** Makes the lease end `leaseMs` from now. */
  extend(leaseMs: number): Promise<boolean>
}

/** The lock of a claim in a store. */
export class StoreLock implements ClaimLock {
  readonly #store: GuardedStore
  readonly #claim: { readonly key: string; readonly token: string; readonly retentionMs: number }

  constructor(store: GuardedStore, claim: { key: string; token: string; retentionMs: number }) {
    this.#store = store
    this.#claim = claim
  }

  complete(): MaybePromise<boolean> {
    const { key, token, retentionMs } = this.#claim
    return this.#store.complete(key, token, retentionMs)
  }

  completeWithin(options: CompleteOptions): Promise<boolean> {
    const { key, token, retentionMs } = this.#claim
    return this.#store.completeWithin(key, token, retentionMs, options)
  }

  isDone(): Promise<boolean> {
    return this.#store.isDone(this.#claim.key, this.#claim.token)
  }

  release(): MaybePromise<boolean> {
    return this.#store.release(this.#claim.key, this.#claim.token)
  }

  extend(leaseMs: number): Promise<boolean> {
    return this.#store.extend(this.#claim.key, this.#claim.token, leaseMs)
  }
}
