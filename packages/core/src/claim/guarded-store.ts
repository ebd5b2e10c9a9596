import { codeOf, storeUnavailable, type WebhookError } from '../errors.js'
import type { Claim, ClaimedEvent, CompleteOptions, DedupStore, HandledPosition } from '../stores/dedup-store.js'
import { StoreFailure } from '../stores/store-failure.js'
import type { Timeouts } from '../timeouts.js'

/**
 * A store as the receiver uses it: each call ends within `timeoutMs`, and fails with `store_unavailable` and nothing
 * else. A claim that is granted after that is given back at once, for nobody is waiting for it any more.
 */
export class GuardedStore {
  readonly #store: DedupStore
  readonly #timeoutMs: number
  readonly #timeouts: Timeouts

  constructor(store: DedupStore, timeoutMs: number, timeouts: Timeouts) {
    this.#store = store
    this.#timeoutMs = timeoutMs
    this.#timeouts = timeouts
  }

  claim(key: string, leaseMs: number, about: ClaimedEvent): Promise<Claim> {
    return this.#guard(
      () => this.#store.claim(key, leaseMs, about),
      (late) => {
        if (late.status === 'claimed') return this.release(key, late.token)
        return undefined
      },
    )
  }

  complete(key: string, token: string, retentionMs: number): Promise<boolean> {
    return this.#guard(() => this.#store.complete(key, token, retentionMs))
  }

  /**
   * Not guarded: in the handler's transaction, the time that passes and the errors that come are the handler's. Throws a
   * `TypeError` where the store could not tell later whether the transaction was committed.
   */
  completeWithin(key: string, token: string, retentionMs: number, options: CompleteOptions): Promise<boolean> {
    if (this.#store.isDone === undefined) {
      throw new TypeError('complete({ within }): this store takes part in no transaction, as postgresStore(pool), … do')
    }
    return this.#store.complete(key, token, retentionMs, options)
  }

  isDone(key: string, token: string): Promise<boolean> {
    return this.#guard(async () => (await this.#store.isDone?.(key, token)) ?? false)
  }

  release(key: string, token: string): Promise<boolean> {
    return this.#guard(() => this.#store.release(key, token))
  }

  extend(key: string, token: string, leaseMs: number): Promise<boolean> {
    return this.#guard(() => this.#store.extend(key, token, leaseMs))
  }

  position(entity: string, handled?: HandledPosition): Promise<number | undefined> {
    return this.#guard(async () => this.#store.position?.(entity, handled))
  }

  #guard<T>(call: () => Promise<T>, undoLate?: (late: T) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = false
      const timeout = this.#timeouts.start(this.#timeoutMs, () => {
        isLate = true
        reject(storeUnavailable(`The store did not answer within ${this.#timeoutMs} ms.`))
      })
      start(call).then(
        (result) => {
          this.#timeouts.stop(timeout)
          if (!isLate) return resolve(result)
          // The lease ends by itself if giving back fails, too.
          return Promise.resolve(undoLate?.(result)).catch(() => undefined)
        },
        (cause) => {
          this.#timeouts.stop(timeout)
          reject(failed(cause))
        },
      )
    })
  }
}

function failed(cause: unknown): WebhookError {
  const advice = cause instanceof StoreFailure ? ` ${cause.advice}` : ''
  return storeUnavailable(`The store failed${codeOf(cause)}.${advice}`, cause)
}

/** A store that throws instead of rejecting has failed just the same. */
function start<T>(call: () => Promise<T>): Promise<T> {
  try {
    return Promise.resolve(call())
  } catch (error) {
    return Promise.reject(error)
  }
}
