import type { Delivery } from '../delivery/delivery.js'
import type { AnyEvent } from '../event/event.js'

/**
 * A delivery that a worker takes from a queue. It was verified and settled when it was received, so the end of the job
 * decides now. `stale` is the value at the receipt.
 */
export type QueuedDelivery<Name extends string = string, Event = AnyEvent> = Omit<
  Delivery<Name, Event>,
  'complete' | 'release'
>

/** The queued form of a delivery type. */
export type Queued<D> = D extends Delivery<infer Name, infer Event> ? QueuedDelivery<Name, Event> : never
