import { storeUnavailable } from '../errors.js'
import { isPromise, type MaybePromise } from '../options/maybe-promise.js'
import type { Claim, ClaimedEvent, CompleteOptions, DedupStore, HandledPosition } from '../stores/dedup-store.js'
import type { Timeouts } from '../timeouts.js'
import { ask, atOnceOrInTime, type Guard, limited } from './in-time.js'

/**
 * Wraps a store for the receiver. Each call ends within `timeoutMs`, and fails only with `store_unavailable`. A claim that
 * is granted after the time-out is released at once.
 */
export class GuardedStore {
  readonly #store: DedupStore
  readonly #guard: Guard

  constructor(store: DedupStore, timeoutMs: number, timeouts: Timeouts) {
    this.#store = store
    this.#guard = { timeouts, timeoutMs, subject: 'The store', unavailable: storeUnavailable }
  }

  claim(key: string, leaseMs: number, about: ClaimedEvent): MaybePromise<Claim> {
    const claim = ask(() => this.#store.claim(key, leaseMs, about))
    if (!isPromise(claim)) return claim
    return limited(claim, this.#guard, (late) =>
      late.status === 'claimed' ? this.release(key, late.token) : undefined,
    )
  }

  complete(key: string, token: string, retentionMs: number): MaybePromise<boolean> {
    return this.#inTime(() => this.#store.complete(key, token, retentionMs))
  }

  /**
   * Writes the mark in the handler's transaction. It has no time-out and passes errors on, because the handler owns the
   * transaction. Throws a `TypeError` if the store cannot say later whether the transaction was committed.
   */
  completeWithin(key: string, token: string, retentionMs: number, options: CompleteOptions): Promise<boolean> {
    if (this.#store.isDone === undefined) {
      throw new TypeError('complete({ within }): this store cannot join a transaction; use a SQL store')
    }
    return this.#store.complete(key, token, retentionMs, options)
  }

  async isDone(key: string, token: string): Promise<boolean> {
    return this.#inTime(async () => (await this.#store.isDone?.(key, token)) ?? false)
  }

  release(key: string, token: string): MaybePromise<boolean> {
    return this.#inTime(() => this.#store.release(key, token))
  }

  async extend(key: string, token: string, leaseMs: number): Promise<boolean> {
    return this.#inTime(() => this.#store.extend(key, token, leaseMs))
  }

  async position(entity: string, handled?: HandledPosition): Promise<number | undefined> {
    return this.#inTime(async () => this.#store.position?.(entity, handled))
  }

  #inTime<T>(call: () => Promise<T>): MaybePromise<T> {
    return atOnceOrInTime(call, this.#guard)
  }
}
