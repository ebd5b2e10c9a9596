import type { ErrorCode, Issue } from '../errors.js'
import type { PrintedError } from '../redaction/printed-error.js'
import type { Trust } from '../signature/trust.js'

/**
 * The kind of an outcome.
 *
 * - `handled`: the handler succeeded, and the event is not handled again.
 * - `queued`: the queue of `handOff` has the delivery.
 * - `failed`: the handler failed, and the provider's next attempt is handled.
 * - `abandoned`: the handler has run for `maxHandlerMs`, and its lease is no longer extended.
 * - `duplicate`: the event was already handled.
 * - `in-flight`: the event is being handled right now.
 * - `dead`: the handler failed in a worker, and the queue does not retry. Only a redrive or a replay handles the event.
 * - `handshake`: the provider asked whether the address is yours, and was answered. It is no delivery.
 * - `rejected`: the delivery was refused, or an outage prevented its handling. `code` says why.
 */
export type OutcomeKind =
  | 'handled'
  | 'queued'
  | 'failed'
  | 'abandoned'
  | 'duplicate'
  | 'in-flight'
  | 'rejected'
  | 'handshake'
  | 'dead'

/**
 * The result of a delivery, reported once to `onOutcome`. A worker reports one for each run of a queued delivery: `handled`,
 * `failed`, `dead`, or `duplicate` if the event was handled before.
 */
export interface Outcome {
  readonly kind: OutcomeKind
  /** The answered status. 0 if there is no answer after `maxHandlerMs`, and in a worker. */
  readonly status: number
  readonly code?: ErrorCode
  /** Says what was expected and what to change, for the operator. It contains nothing of the delivery. */
  readonly message?: string
  /** The provider. Unproven unless `trust` is set: the headers alone name it. */
  readonly provider?: string
  readonly account?: string
  readonly id?: string
  readonly type?: string
  /** The type of an unknown event as the provider sent it. */
  readonly name?: string
  readonly trust?: Trust
  /** The reading that matched the signature, e.g. `timestamp.body/hex`. */
  readonly reading?: string
  /**
   * The position of the secret that verified, from 0, in `secrets` of the provider. After a rotation it says whether the old
   * secret is still in use.
   */
  readonly secret?: number
  /** `nobody` if `dispatch` found no function for the event's type, and no `otherwise`. The event counts as handled. */
  readonly handledBy?: 'nobody'
  /** Whether the store confirmed the result. If it is false after a 2xx, a later delivery may be handled again. */
  readonly settled?: boolean
  /** The age of the delivery at its receipt, by its own timestamp, in milliseconds. */
  readonly ageMs?: number
  readonly issues?: readonly Issue[]
  /** The id of the job, as its queue knows it. Set in a worker only. */
  readonly jobId?: string
  /** The number of this run of the job, from 1. Set in a worker only, as far as its queue says. */
  readonly attempt?: number
  /** The time from the hand-off to the beginning of this run, in milliseconds. Set in a worker only. */
  readonly queuedMs?: number
  /** The time from the first look at the headers to this outcome, including the handler, in milliseconds. */
  readonly durationMs: number
  /**
   * Returns the bytes of an authentic delivery that was `rejected`, because its payload was refused, or the store or the
   * queue failed. Not printed.
   */
  rawBody?(): Uint8Array
  /**
   * The error with which the handler failed, where the adapter knows it, or the error behind an outage. Credentials of the
   * payload are cut out, and the message keeps 2,000 characters. That of an outage is printed by `logOutcomes` alone.
   */
  readonly error?: PrintedError
  /**
   * The error behind an outage, as it was thrown. Not printed, because it may quote the payload: log `error` instead. winston
   * prints a property of this name, so pass it outcomes through `logOutcomes`.
   */
  readonly cause?: unknown
}

/**
 * Receives outcomes. `request` is the request as the framework has it, to join an outcome with a request's id: Express's
 * `req`, Koa's `ctx`, Fastify's `request`, the fetch standard's `Request`; in a worker, the queue's job. Undefined where the
 * adapter does not pass it on.
 */
export type OutcomeListener = {
  // A method, because only their parameters may be declared more precisely: (outcome, request: FastifyRequest) => {}.
  listen(outcome: Outcome, request: unknown): void
}['listen']
