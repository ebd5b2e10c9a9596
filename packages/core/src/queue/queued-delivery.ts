import type { Delivery } from '../delivery.js'
import type { AnyEvent } from '../event.js'
import { redact } from '../redact.js'
import type { Trust } from '../signature/signature.js'

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

interface OpenedParts {
  readonly id: string
  readonly provider: string
  readonly account?: string | undefined
  readonly event: AnyEvent
  readonly trust: Trust
  readonly sentAt: string
  readonly receivedAt: string
  readonly attempt?: number | undefined
  readonly stale: boolean | undefined
  readonly credentials: readonly string[]
  readonly body: Uint8Array
  readonly signal: AbortSignal
}

export class OpenedDelivery implements QueuedDelivery {
  readonly id: string
  readonly provider: string
  readonly account: string | undefined
  readonly event: AnyEvent
  readonly trust: Trust
  readonly sentAt: Date
  readonly receivedAt: Date
  readonly attempt: number | undefined
  readonly stale: boolean | undefined
  readonly #parts: OpenedParts

  constructor(parts: OpenedParts) {
    this.id = parts.id
    this.provider = parts.provider
    this.account = parts.account
    this.event = parts.event
    this.trust = parts.trust
    this.sentAt = new Date(parts.sentAt)
    this.receivedAt = new Date(parts.receivedAt)
    this.attempt = parts.attempt
    this.stale = parts.stale
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

  /** Without credentials. */
  toJSON(): unknown {
    return redact({ ...this }, this.credentials)
  }

  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return this.toJSON()
  }
}
