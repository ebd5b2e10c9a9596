import type { AnyEvent } from './event.js'
import { Printable } from './printable.js'
import type { Trust } from './signature/signature.js'

export interface Facts {
  readonly id: string
  readonly provider: string
  readonly account?: string | undefined
  readonly event: AnyEvent
  readonly trust: Trust
  readonly sentAt: Date
  readonly receivedAt: Date
  readonly attempt?: number | undefined
  readonly stale?: boolean | undefined
}

/** What is known of a delivery, on both sides of a queue. */
export abstract class DeliveryFacts extends Printable implements Facts {
  readonly id: string
  readonly provider: string
  readonly account: string | undefined
  readonly event: AnyEvent
  readonly trust: Trust
  readonly sentAt: Date
  readonly receivedAt: Date
  readonly attempt: number | undefined
  readonly stale: boolean | undefined

  constructor(facts: Facts, credentials: readonly string[]) {
    super(credentials)
    this.id = facts.id
    this.provider = facts.provider
    this.account = facts.account
    this.event = facts.event
    this.trust = facts.trust
    this.sentAt = facts.sentAt
    this.receivedAt = facts.receivedAt
    this.attempt = facts.attempt
    this.stale = facts.stale
  }
}
