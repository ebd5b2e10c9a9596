import type { AnyEvent } from '../event/event.js'
import { printRedacted } from '../redaction/print-redacted.js'
import { redact } from '../redaction/redact.js'
import type { Trust } from '../signature/trust.js'
import type { CompleteOptions } from '../stores/dedup-store.js'
import type { Delivery } from './delivery.js'

/** The properties of a delivery, on both sides of a queue. */
export interface DeliveryFacts {
  readonly id: string
  readonly provider: string
  readonly account?: string | undefined
  readonly event: AnyEvent
  readonly trust: Trust
  readonly sentAt: Date
  readonly receivedAt: Date
  readonly attempt?: number | undefined
  readonly stale?: boolean | undefined
  readonly replayed?: boolean | undefined
}

/** The part of a claim that a delivery uses. */
export interface DeliveryClaim {
  readonly signal: AbortSignal
  complete(options?: CompleteOptions): Promise<boolean>
  release(): Promise<boolean>
}

interface DeliveryParts {
  readonly body: Uint8Array
  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  readonly credentials: readonly string[]
  readonly claim: DeliveryClaim
  /** Collects the error with which the handler fails. */
  readonly report?: { noteError(error: unknown): void }
  /** Identifies the receiver that accepted the delivery. */
  readonly acceptedBy?: symbol
}

/**
 * A delivery for a handler, from a receiver or a queue. Redacts credentials when logged or serialised. Properties keep the
 * real values.
 */
export class ReceivedDelivery implements Delivery {
  static {
    printRedacted(ReceivedDelivery, (delivery) => redact({ ...delivery }, delivery.#parts.credentials))
  }

  readonly id: string
  readonly provider: string
  readonly account: string | undefined
  readonly event: AnyEvent
  readonly trust: Trust
  readonly sentAt: Date
  readonly receivedAt: Date
  readonly attempt: number | undefined
  readonly stale: boolean | undefined
  declare readonly replayed?: true
  readonly #parts: DeliveryParts

  constructor(facts: DeliveryFacts, parts: DeliveryParts) {
    this.id = facts.id
    this.provider = facts.provider
    this.account = facts.account
    this.event = facts.event
    this.trust = facts.trust
    this.sentAt = facts.sentAt
    this.receivedAt = facts.receivedAt
    this.attempt = facts.attempt
    this.stale = facts.stale
    if (facts.replayed) this.replayed = true
    this.#parts = parts
  }

  static isAcceptedBy(receiver: symbol, value: unknown): boolean {
    return typeof value === 'object' && value !== null && #parts in value && value.#parts.acceptedBy === receiver
  }

  /** Notes an error for the receiver that accepted the delivery, if there is one. */
  static noteError(value: unknown, error: unknown): void {
    if (typeof value === 'object' && value !== null && #parts in value) value.#parts.report?.noteError(error)
  }

  get signal(): AbortSignal {
    return this.#parts.claim.signal
  }

  complete(options?: CompleteOptions): Promise<boolean> {
    // A missing property of an object mapper would be undefined, and the mark would be written outside the transaction.
    if (options !== undefined && 'within' in options && options.within === undefined) {
      throw new TypeError('complete({ within }): within is undefined')
    }
    return this.#parts.claim.complete(options)
  }

  release(): Promise<boolean> {
    return this.#parts.claim.release()
  }

  rawBody(): Uint8Array {
    return this.#parts.body
  }
}
