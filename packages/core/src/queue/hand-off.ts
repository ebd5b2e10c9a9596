import type { Delivery } from '../delivery/delivery.js'

/**
 * Puts a delivery into a queue, for a worker to handle. It resolves when the queue has it durably, and rejects when it
 * has not; then the provider is asked to send it again.
 *
 * It may be called again for an event that it has put into the queue before: the process can die before the event is
 * marked as handled, and an answer that came after `handOffTimeoutMs` does not count. `terms.jobId` makes one job of
 * both.
 */
export interface HandOff<D = Delivery> {
  (delivery: D, terms: HandOffTerms): Promise<unknown>
  /** It calls `delivery.complete({ within })`, so that it needs a store with a method `isDone`. Default false. */
  readonly isTransactional?: boolean
}

/** What a queue needs to know of a delivery beyond the delivery itself. */
export interface HandOffTerms {
  /**
   * 64 hexadecimal digits, the same for each delivery of one event.
   *
   * An event without an id of the provider's own is known by its body, which may rightly come again: its job's id also
   * tells in which span of `keepMs` it came. The spans begin at fixed times, so that two deliveries of one event on
   * either side of a border have two ids.
   */
  readonly jobId: string
  /**
   * How long a finished job's id must be remembered, in milliseconds: as long as the provider may send its event again,
   * and as long as somebody who has captured a delivery of it may.
   */
  readonly keepMs: number
  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  readonly credentials: readonly string[]
}
