import type { Delivery } from '../delivery/delivery.js'
import type { TraceContext } from '../outcome/observer.js'

/**
 * Puts a delivery into a queue, for a worker. Resolves once the queue has stored it durably. If it rejects, the provider is
 * asked to retry.
 *
 * It may be called again for an event that is already in the queue. The process can die before the event is marked as
 * handled, and an answer after `handOffTimeoutMs` does not count. Use `terms.jobId` to deduplicate both calls.
 */
export interface HandOff<D = Delivery> {
  (delivery: D, terms: HandOffTerms): Promise<unknown>
  /** Whether it calls `delivery.complete({ within })`, which needs a store with `isDone`. Default false. */
  readonly isTransactional?: boolean
  /** Resolves if the queue answers. `receive.health()` calls it, and does not ask a hand-off without it. */
  ping?(): Promise<unknown>
}

/** The terms under which a queue takes a delivery. */
export interface HandOffTerms {
  /**
   * The job's id: 64 hexadecimal digits, the same for each delivery of one event.
   *
   * Without a native id, the same body may later be a new event. The job's id then includes the span of `keepMs` in which
   * the delivery arrived. The spans begin at fixed times, so two deliveries of one event across a border get two ids.
   */
  readonly jobId: string
  /**
   * How long the id of a finished job must be remembered, in milliseconds: as long as the provider keeps retrying, and as
   * long as a captured delivery can be sent again.
   */
  readonly keepMs: number
  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  readonly credentials: readonly string[]
  /** The place in the receiver's trace, for the worker to continue. Undefined without an `observer` that traces. */
  readonly trace?: TraceContext | undefined
}
