import type { Delivery } from '../delivery.js'
import { DeliveryFacts, type Facts } from '../delivery-facts.js'
import type { AnyEvent } from '../event.js'

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

/** What was packed with the facts, and what the worker adds. */
interface OpenedParts {
  readonly credentials: readonly string[]
  readonly body: Uint8Array
  readonly signal: AbortSignal
}

export class OpenedDelivery extends DeliveryFacts implements QueuedDelivery {
  readonly #parts: OpenedParts

  constructor(facts: Facts, parts: OpenedParts) {
    super(facts, parts.credentials)
    this.#parts = parts
  }

  /** Aborts when the queue wants the job ended, where the queue can tell. */
  get signal(): AbortSignal {
    return this.#parts.signal
  }

  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  get credentials(): readonly string[] {
    return this.#parts.credentials
  }

  rawBody(): Uint8Array {
    return this.#parts.body
  }
}
