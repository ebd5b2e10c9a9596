import { claimLost } from '../errors.js'
import { isPromise, type MaybePromise, orFalse } from '../options/maybe-promise.js'
import type { CompleteOptions } from '../stores/dedup-store.js'
import type { Timeout, Timeouts } from '../timeouts.js'
import { type Starting, startAfterTurn } from './after-turn.js'
import type { ClaimLock } from './claim-lock.js'

export interface HeldClaimOptions {
  readonly lock: ClaimLock
  readonly timeouts: Timeouts
  readonly leaseMs: number
  readonly maxHandlerMs: number
  /** Called after the event is marked as handled. */
  readonly onCompleted: (() => Promise<void>) | undefined
  /**
   * Called if `maxHandlerMs` pass before the adapter settles. `isHandled` is the handler's own decision. It is undefined
   * if the handler made none and is abandoned.
   */
  readonly onTimeUp: (isHandled: boolean | undefined) => void
}

/** The result of settling a claim. */
export interface Settlement {
  /** This receiver decided that the event is handled. */
  readonly isHandled: boolean
  /** The store confirmed the decision. */
  readonly isConfirmed: boolean
  /** The handler wrote the mark in its own transaction, and the commit is not confirmed. */
  readonly isMarkMissing: boolean
}

/** Returns the length of a claim's first lease, which never exceeds `maxHandlerMs`. */
export const firstLeaseMs = ({ leaseMs, maxHandlerMs }: Pick<HeldClaimOptions, 'leaseMs' | 'maxHandlerMs'>) =>
  Math.min(leaseMs, maxHandlerMs)

/**
 * Holds a granted claim until it is settled. Extends the lease while the handler runs, and settles the claim once.
 *
 * After `maxHandlerMs` it stops extending, so that a hanging handler cannot block the provider's last retry.
 */
export class HeldClaim {
  readonly #options: HeldClaimOptions
  readonly #startedAt = performance.now()
  /** Undefined in the turn of the event loop in which the claim was granted. */
  #timeout: Timeout | undefined
  /** Empty once the claim is over, so that nothing of the delivery is kept until the end of the turn. */
  readonly #renewals: Starting = { of: this }
  #abort: AbortController | undefined
  #abortReason: Error | undefined
  #settlement: MaybePromise<Settlement> | undefined
  /** The handler wrote a mark in its own transaction. Only the store knows whether that was committed. */
  #hasMark = false
  /** The first decision, the handler's own or the adapter's. */
  #decision: { readonly isHandled: boolean; readonly confirmed: MaybePromise<boolean> } | undefined

  constructor(options: HeldClaimOptions) {
    this.#options = options
    startAfterTurn(this.#renewals)
  }

  /** Starts to extend the lease, behind the turn in which the claim was granted. */
  start(): void {
    this.#timeout = this.#renewLater(this.#msLeft())
  }

  /** Aborts when the claim ends before the handler. Created on first use, because few handlers need it. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.#abortReason !== undefined) this.#abort.abort(this.#abortReason)
    }
    return this.#abort.signal
  }

  /** Marks the event as handled, unless it was released before. Resolves to false if it could not be marked. */
  complete(options?: CompleteOptions): Promise<boolean> {
    if (options?.within === undefined) return this.#complete()
    if (this.#decision === undefined) return this.#completeWithin(options)
    // Not an async function: a synchronous transaction rolls back only if this throws before it returns.
    if (!this.#decision.isHandled) throw claimLost()
    return this.#complete()
  }

  /** Releases the event, unless it was completed before. Resolves to false if it could not be released. */
  async release(): Promise<boolean> {
    const decision = this.#decide(false)
    return (await decision.confirmed) && !decision.isHandled
  }

  /** Settles by the handler's result, unless the handler decided itself. Only the first call counts. Never fails. */
  settle(hasSucceeded: boolean): MaybePromise<Settlement> {
    this.#settlement ??= this.#settle(hasSucceeded)
    return this.#settlement
  }

  /** Leaves the lease to end, and aborts the signal: the process will not wait for the handler any longer. */
  abandon(): void {
    this.#end()
    this.#abortWith(new Error('The worker stopped: another process may handle the event.'))
  }

  #settle(hasSucceeded: boolean): MaybePromise<Settlement> {
    if (this.#hasMark && this.#decision === undefined) return this.#settleLater(hasSucceeded, this.#settleByMark())
    const { isHandled, confirmed } = this.#decide(hasSucceeded)
    if (isPromise(confirmed)) {
      const settlement = confirmed.then((isConfirmed) => ({ isHandled, isConfirmed, isMarkMissing: false }))
      return this.#settleLater(hasSucceeded, settlement)
    }
    this.#end()
    return { isHandled, isConfirmed: confirmed, isMarkMissing: false }
  }

  async #settleLater(hasSucceeded: boolean, settlement: Promise<Settlement>): Promise<Settlement> {
    try {
      return await settlement
    } catch {
      // The store failed, so the mark is uncertain. The answer goes out in any case.
      if (hasSucceeded) this.#options.timeouts.waitUntil(this.#markLater())
      return { isHandled: hasSucceeded, isConfirmed: false, isMarkMissing: false }
    } finally {
      this.#end()
    }
  }

  async #complete(): Promise<boolean> {
    const decision = this.#decide(true)
    return (await decision.confirmed) && decision.isHandled
  }

  /** Writes the mark without a decision: the transaction may be rolled back and retried with another mark. */
  #completeWithin(options: CompleteOptions): Promise<boolean> {
    this.#hasMark = true
    return this.#options.lock.completeWithin(options)
  }

  /** Settles by the mark, not by the answer. An event whose commit is uncertain must not be acknowledged. */
  async #settleByMark(): Promise<Settlement> {
    const { lock, onCompleted } = this.#options
    const isHandled = await orFalse(lock.isDone())
    if (isHandled) await onCompleted?.()
    const isConfirmed = isHandled || (await orFalse(lock.release()))
    return { isHandled, isConfirmed, isMarkMissing: !isHandled }
  }

  /**
   * Retries the mark of an answered event. If the store is back before the lease ends, the event is not handled again.
   * It retries often, because the connection may break again.
   */
  async #markLater(): Promise<void> {
    const { timeouts, leaseMs } = this.#options
    while (this.#msLeft() > 0) {
      await new Promise<void>((resolve) => timeouts.start(leaseMs / 10, resolve))
      const isAnswered = await this.#complete().then(
        () => true,
        () => false,
      )
      if (isAnswered) return
    }
  }

  #decide(isHandled: boolean) {
    this.#decision ??= { isHandled, confirmed: this.#tellStore(isHandled) }
    return this.#decision
  }

  #tellStore(isHandled: boolean): MaybePromise<boolean> {
    const { lock, onCompleted } = this.#options
    const confirmed = isHandled ? lock.complete() : lock.release()
    if (!isPromise(confirmed) && (onCompleted === undefined || !isHandled)) return confirmed
    return this.#confirmLater(isHandled, confirmed)
  }

  async #confirmLater(isHandled: boolean, confirmed: MaybePromise<boolean>): Promise<boolean> {
    try {
      const isConfirmed = await confirmed
      if (isHandled && isConfirmed) await this.#options.onCompleted?.()
      return isConfirmed
    } catch (error) {
      // Unrecorded, so discard the decision: the handler still holds its lease.
      this.#decision = undefined
      throw error
    }
  }

  #renewLater(msLeft: number): Timeout {
    const { timeouts, leaseMs } = this.#options
    return timeouts.start(Math.min(leaseMs / 3, msLeft), () => this.#renew())
  }

  #renew(): void {
    const left = this.#msLeft()
    if (left <= 0) return void this.#giveUp()
    if (this.#decision === undefined && this.#abortReason === undefined) this.#extend(left)
    this.#timeout = this.#renewLater(left)
  }

  #extend(msLeft: number): void {
    const { lock, leaseMs } = this.#options
    lock.extend(Math.min(leaseMs, msLeft)).then(
      (isHeld) => {
        // The token also stops holding after a settlement and after a committed mark.
        if (isHeld || this.#decision !== undefined || this.#hasMark) return
        this.#abortWith(new Error('The lease was lost: another process may be handling the event.'))
      },
      // The store may be back before the lease ends: the next renewal tries again.
      () => undefined,
    )
  }

  async #giveUp(): Promise<void> {
    const { lock, maxHandlerMs, onTimeUp } = this.#options
    const isMarked = this.#hasMark && (await orFalse(lock.isDone()))
    const isHandled = isMarked ? true : this.#decision?.isHandled
    if (isHandled === undefined) {
      const reason = `The handler has run for ${maxHandlerMs} ms: a later delivery of the event may be handled.`
      this.#abortWith(new Error(reason))
    }
    onTimeUp(isHandled)
  }

  /** Leaves the lease as it is. */
  #end(): void {
    this.#renewals.of = undefined
    if (this.#timeout !== undefined) this.#options.timeouts.stop(this.#timeout)
  }

  #abortWith(reason: Error): void {
    this.#abortReason = reason
    this.#abort?.abort(reason)
  }

  #msLeft(): number {
    return this.#options.maxHandlerMs - (performance.now() - this.#startedAt)
  }
}
