import type { Delivery } from '../delivery/delivery.js'
import type { AnyEvent } from '../event/event.js'

/**
 * A delivery that a worker got out of a queue. It was verified and claimed when it was received, so there is nothing
 * left to settle: the job's end decides. `stale` tells what was known then.
 */
export type QueuedDelivery<Name extends string = string, Event = AnyEvent> = Omit<
  Delivery<Name, Event>,
  'complete' | 'release'
>

/** The same delivery, on the other side of the queue. */
export type Queued<D> = D extends Delivery<infer Name, infer Event> ? QueuedDelivery<Name, Event> : never
