import type { ErrorCode, Issue } from './errors.js'
import type { DeliveryObserver, DeliveryStep, ObservedDelivery } from './observer.js'
import type { Trust } from './signature/signature.js'

/**
 * What became of one delivery.
 *
 * - `handled`: the handler succeeded, and the event is not handled again.
 * - `queued`: `handOff` has it.
 * - `failed`: the handler failed; the provider's next attempt is handled.
 * - `abandoned`: the handler has run for `maxHandlerMs`; its lease is left to end.
 * - `duplicate`: it had been handled before.
 * - `in-flight`: it is being handled right now.
 * - `rejected`: it was refused, or an outage kept it from being handled; `code` says which.
 */
export type OutcomeKind = 'handled' | 'queued' | 'failed' | 'abandoned' | 'duplicate' | 'in-flight' | 'rejected'

export interface Outcome {
  readonly kind: OutcomeKind
  /** The status that was answered; 0 where no answer is known after `maxHandlerMs`. */
  readonly status: number
  readonly code?: ErrorCode
  /** For the operator: what was expected and what to change. Never anything of the delivery. */
  readonly message?: string
  /** Before the signature is verified, this is what the headers claim. */
  readonly provider?: string
  readonly account?: string
  readonly id?: string
  readonly type?: string
  /** The type on the wire of an unknown event. */
  readonly name?: string
  readonly trust?: Trust
  /** What the signature turned out to be made of, e.g. `timestamp.body/hex`. */
  readonly reading?: string
  /** Whether the store has confirmed what became of the key. False after a 2xx: a later delivery may be handled again. */
  readonly settled?: boolean
  /** How long before its receipt the delivery says it was sent. */
  readonly ageMs?: number
  readonly issues?: readonly Issue[]
  /** From the first look at the headers to this outcome, the handler included. */
  readonly durationMs: number
  /**
   * The bytes, to keep or to look into, of an authentic delivery that was `rejected`: its payload was refused, or the
   * store or the queue failed. Not printed.
   */
  rawBody?(): Uint8Array
  /** The failure behind an outage. Not printed. */
  readonly cause?: unknown
}

type Mutable<T> = { -readonly [Key in keyof T]?: T[Key] | undefined }

/** Who is told of deliveries. */
interface Listeners {
  readonly onOutcome?: ((outcome: Outcome) => void) | undefined
  readonly observer?: DeliveryObserver | undefined
}

/** What is known of a delivery so far; it becomes the outcome, once. */
export class OutcomeReport {
  readonly #onOutcome: ((outcome: Outcome) => void) | undefined
  readonly #observed: ObservedDelivery | undefined
  readonly #startedAt = performance.now()
  #hasLeft = false
  #isReported = false
  readonly facts: Mutable<Omit<Outcome, 'kind' | 'status' | 'durationMs' | 'rawBody'>> = {}
  /** Set once the signature is known to be good. */
  authenticBody: Uint8Array | undefined

  constructor({ onOutcome, observer }: Listeners) {
    this.#onOutcome = onOutcome
    this.#observed = observer && harmless(() => observer.begin())
  }

  enter(step: DeliveryStep): void {
    if (this.#observed !== undefined) harmless(() => this.#observed?.enter(step))
  }

  /** Leaves the handler's step, the first time it is called. */
  leave(): void {
    if (this.#observed === undefined || this.#hasLeft) return
    this.#hasLeft = true
    harmless(() => this.#observed?.leave())
  }

  run<T>(handler: () => T): T {
    const observed = this.#observed
    if (observed === undefined) return handler()
    let end: (() => T) | undefined
    // Once, and as it ends, whatever the observer does around it.
    const runOnce = () => {
      end ??= endOf(handler)
      return end()
    }
    harmless(() => observed.run(runOnce))
    return runOnce()
  }

  /** Reports the outcome, the first time it is called. */
  report(kind: OutcomeKind, status: number): void {
    if (this.#isReported) return
    this.#isReported = true
    if (this.#onOutcome === undefined && this.#observed === undefined) return
    const { cause, ...printed } = this.facts
    const body = this.authenticBody
    const outcome = { kind, status, ...withoutUndefined(printed), durationMs: performance.now() - this.#startedAt }
    if (kind === 'rejected' && body !== undefined) Object.defineProperty(outcome, 'rawBody', { value: () => body })
    if (cause !== undefined) Object.defineProperty(outcome, 'cause', { value: cause })
    harmless(() => this.#onOutcome?.(outcome))
    harmless(() => this.#observed?.end(outcome))
  }
}

/**
 * Who listens changes nothing: what becomes of the delivery is decided elsewhere, and the answer must go out. Nor does a
 * listener whose promise rejects, which would end the process at the word of anybody who sends a request.
 */
function harmless<T>(tell: () => T): T | undefined {
  try {
    const told = tell()
    if (told instanceof Promise) told.catch(() => undefined)
    return told
  } catch {
    return undefined
  }
}

/** Calls it; what is returned returns, or throws, the same. */
function endOf<T>(handler: () => T): () => T {
  try {
    const value = handler()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

function withoutUndefined<T extends object>(facts: T): Defined<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Defined<T>
}
