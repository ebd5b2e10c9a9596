import type { ErrorCode, Issue } from '../errors.js'
import type { Trust } from '../signature/signature.js'

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
