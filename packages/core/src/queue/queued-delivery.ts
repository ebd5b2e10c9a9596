import type { Delivery } from '../delivery/delivery.js'
import type { AnyEvent } from '../event/event.js'

/**
 * A delivery that a worker takes from a queue. It was verified when it was received, so the end of the job decides now.
 * `stale` is the value at the receipt.
 *
 * With a SQL `journal` or `store`, `complete({ within })` marks the event in your transaction, and the commit decides: a job
 * that runs again after it is not handled again. Without them it throws a `TypeError`.
 */
export type QueuedDelivery<Name extends string = string, Event = AnyEvent> = Omit<Delivery<Name, Event>, 'release'>

/** The queued form of a delivery type. */
export type Queued<D> = D extends Delivery<infer Name, infer Event> ? QueuedDelivery<Name, Event> : never
