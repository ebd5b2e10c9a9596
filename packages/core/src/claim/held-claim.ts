import { claimLost } from '../errors.js'
import type { CompleteOptions } from '../stores/dedup-store.js'
import type { Timeout, Timeouts } from '../timeouts.js'
import type { ClaimLock } from './claim-lock.js'

export interface HeldClaimOptions {
  readonly lock: ClaimLock
  readonly timeouts: Timeouts
  readonly leaseMs: number
  readonly maxHandlerMs: number
  /** Called once the key is marked as handled. */
  readonly onCompleted: (() => Promise<void>) | undefined
  /**
   * Called when `maxHandlerMs` have passed and the adapter has not settled: with what the handler has decided itself, or
   * undefined when it has decided nothing and is given up.
   */
  readonly onTimeUp: (isHandled: boolean | undefined) => void
}

/** What became of the key. */
export interface Settlement {
  /** The key is marked as handled, as far as this receiver decided. */
  readonly isHandled: boolean
  /** The store has confirmed it. */
  readonly isConfirmed: boolean
  /** The handler put the mark into a transaction of its own, and it is not known to be committed. */
  readonly isMarkMissing: boolean
}

/** How long the first lease of a claim lasts: never past the time that a handler is given. */
export const firstLeaseMs = ({ leaseMs, maxHandlerMs }: Pick<HeldClaimOptions, 'leaseMs' | 'maxHandlerMs'>) =>
  Math.min(leaseMs, maxHandlerMs)

/**
 * A claim from its grant to its end: extends the lease while the handler runs, and settles the key once.
 *
 * After `maxHandlerMs` the lease is left to end, so that a handler that hangs cannot keep the provider's last retry
 * from being handled.
 */
export class HeldClaim {
  readonly #options: HeldClaimOptions
  readonly #startedAt = performance.now()
  #timeout: Timeout
  #abort: AbortController | undefined
  #abortReason: Error | undefined
  #settlement: Promise<Settlement> | undefined
  /** A mark was put into a transaction of the handler's. Only the store knows whether it was committed. */
  #hasMark = false
  /** The first decision, the handler's own or the adapter's. */
  #decision: { readonly isHandled: boolean; readonly confirmed: Promise<boolean> } | undefined

  constructor(options: HeldClaimOptions) {
    this.#options = options
    this.#timeout = this.#renewLater()
  }

  /** Aborts when the handler has no claim to the event any more. Made when first asked for: few handlers look. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.#abortReason !== undefined) this.#abort.abort(this.#abortReason)
    }
    return this.#abort.signal
  }

  /** Marks the event as handled, unless something else was decided before. False when it could not be. */
  complete(options?: CompleteOptions): Promise<boolean> {
    if (options?.within === undefined) return this.#complete()
    if (this.#decision === undefined) return this.#completeWithin(options)
    // Not an async function: a transaction without promises rolls back by what is thrown before this returns.
    if (!this.#decision.isHandled) throw claimLost()
    return this.#complete()
  }

  /** Gives the event back, unless something else was decided before. False when it could not be. */
  async release(): Promise<boolean> {
    const decision = this.#decide(false)
    return (await decision.confirmed) && !decision.isHandled
  }

  /** Settles by how the handler ended, unless it has decided itself; the first time it is called. Never rejects. */
  settle(hasSucceeded: boolean): Promise<Settlement> {
    this.#settlement ??= this.#settle(hasSucceeded)
    return this.#settlement
  }

  async #settle(hasSucceeded: boolean): Promise<Settlement> {
    try {
      if (this.#hasMark && this.#decision === undefined) return await this.#settleByMark()
      const { isHandled, confirmed } = this.#decide(hasSucceeded)
      return { isHandled, isConfirmed: await confirmed, isMarkMissing: false }
    } catch {
      // The store's failure: whether the mark was made is not known, and the answer goes out all the same.
      if (hasSucceeded) this.#markLater()
      return { isHandled: hasSucceeded, isConfirmed: false, isMarkMissing: false }
    } finally {
      this.#options.timeouts.stop(this.#timeout)
    }
  }

  async #complete(): Promise<boolean> {
    const decision = this.#decide(true)
    return (await decision.confirmed) && decision.isHandled
  }

  /** Decides nothing yet: a transaction may be rolled back, and tried once more with another mark. */
  #completeWithin(options: CompleteOptions): Promise<boolean> {
    this.#hasMark = true
    return this.#options.lock.completeWithin(options)
  }

  /** The mark decides, not the answer. What is not known to be committed must not be answered as handled. */
  async #settleByMark(): Promise<Settlement> {
    const { lock, onCompleted } = this.#options
    const isHandled = await lock.isDone().catch(() => false)
    if (isHandled) await onCompleted?.()
    const isConfirmed = isHandled || (await lock.release().catch(() => false))
    return { isHandled, isConfirmed, isMarkMissing: !isHandled }
  }

  /**
   * The work is done and answered: a store that comes back before the lease ends must hear of it, or it is done again.
   * Often, because the way to the store may break again.
   */
  #markLater(): void {
    if (this.#msLeft() <= 0) return
    const { timeouts, leaseMs } = this.#options
    timeouts.start(leaseMs / 10, () => void this.#complete().catch(() => this.#markLater()))
  }

  #decide(isHandled: boolean) {
    this.#decision ??= { isHandled, confirmed: this.#tellStore(isHandled) }
    return this.#decision
  }

  async #tellStore(isHandled: boolean): Promise<boolean> {
    const { lock, onCompleted } = this.#options
    try {
      if (!isHandled) return await lock.release()
      const isConfirmed = await lock.complete()
      if (isConfirmed && onCompleted !== undefined) await onCompleted()
      return isConfirmed
    } catch (error) {
      // Unrecorded, so discard the decision: the handler still holds its lease.
      this.#decision = undefined
      throw error
    }
  }

  #renewLater(): Timeout {
    const { timeouts, leaseMs } = this.#options
    return timeouts.start(Math.min(leaseMs / 3, this.#msLeft()), () => this.#renew())
  }

  #renew(): void {
    const left = this.#msLeft()
    if (left <= 0) return void this.#giveUp()
    if (this.#decision === undefined && this.#abortReason === undefined) this.#extend(left)
    this.#timeout = this.#renewLater()
  }

  #extend(msLeft: number): void {
    const { lock, leaseMs } = this.#options
    lock.extend(Math.min(leaseMs, msLeft)).then(
      (isHeld) => {
        // Settling ends the token, too, and so does a mark that was committed.
        if (isHeld || this.#decision !== undefined || this.#hasMark) return
        this.#abortWith(new Error('The lease was lost: another process may be handling the event.'))
      },
      // The store may be back before the lease ends: the next look tries again.
      () => undefined,
    )
  }

  async #giveUp(): Promise<void> {
    const { lock, maxHandlerMs, onTimeUp } = this.#options
    const isMarked = this.#hasMark && (await lock.isDone().catch(() => false))
    const isHandled = isMarked ? true : this.#decision?.isHandled
    if (isHandled === undefined) {
      const reason = `The handler has run for ${maxHandlerMs} ms: a later delivery of the event may be handled.`
      this.#abortWith(new Error(reason))
    }
    onTimeUp(isHandled)
  }

  #abortWith(reason: Error): void {
    this.#abortReason = reason
    this.#abort?.abort(reason)
  }

  #msLeft(): number {
    return this.#options.maxHandlerMs - (performance.now() - this.#startedAt)
  }
}
