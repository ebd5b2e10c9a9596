import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { WebhookError } from '../errors.js'
import type { JsonObject } from '../request/parse-json.js'
import type { HeaderReader } from '../request/webhook-request.js'
import type { PresentedSignature, Proof } from '../signature/signature.js'

export type { JsonObject } from '../request/parse-json.js'

/** A schema for each event type, by the type's name on the wire. */
export type EventSchemas = Readonly<Record<string, StandardSchemaV1>>

/**
 * What the receiver knows of a provider. `defineProvider` makes one.
 *
 * `Events` exists in the types only: it carries what the schemas describe to the handler.
 */
export interface Provider<Name extends string = string, Events extends EventSchemas = EventSchemas> {
  readonly name: Name
  readonly account: string | undefined
  readonly retries: RetryRules
  /** The lower-case name of the header by whose presence a request is taken for this provider's. */
  readonly signatureHeader: string
  /** The lower-case name of the header that says when a delivery was sent; undefined for a provider that does not say. */
  readonly timestampHeader: string | undefined
  /** How long a captured request stays within the window of time, in milliseconds; 0 where no time is checked. */
  readonly windowMs: number
  /**
   * Marks by which a receiver notices that two providers have a secret in common. They tell nothing of the secrets, and
   * are others in each process.
   */
  readonly secretMarks?: readonly string[]
  /** How far from the future a time may come before it is not believed. */
  readonly maxAheadMs: number
  /** Names of payload fields, beyond the usual ones, that `redact` hides. */
  readonly credentials: readonly string[]
  /** All that the headers alone decide; throws a `WebhookError` when they decide against the request. */
  examine(headers: HeaderReader, nowMs: number): Examined
  /** What the signature proves about the body. Undefined: nothing, it is wrong. */
  verify(examined: Examined, headers: HeaderReader, body: Uint8Array): Proof | undefined
  /** What the payload, and the headers that the signature covers, say about the event, whatever the payload's shape. */
  describe(payload: JsonObject, headers: HeaderReader): EventDescription
  /** Undefined for a type this provider has no schema for. */
  schemaOf(type: string): StandardSchemaV1 | undefined
  /** The types that have a schema. */
  readonly types: readonly string[]
  /** Never set. */
  readonly ' events'?: Events
}

/** A request whose headers are as they should be, but for `refusal`. */
export interface Examined {
  readonly presented: readonly PresentedSignature[]
  /** Milliseconds since 1970; undefined for a provider that does not say. */
  readonly sentAtMs: number | undefined
  /** Set when a static token has proven the sender already. */
  readonly proof: Proof | undefined
  /**
   * What is wrong with the time. Set only where a 4xx is final and the body has yet to prove that the sender is genuine:
   * the refusal is thrown then, and what proves nothing is refused as any forgery.
   */
  readonly refusal?: WebhookError
}

/** What a provider does with an answer it does not like. */
export interface RetryRules {
  /** From the first attempt to the last automatic one, at the longest. */
  readonly spanMs: number
  /** How long a handler may run, so that when it hangs a later attempt is still to come. */
  readonly maxHandlerMs: number
  /** The provider takes a 4xx as final and never sends the event again. Default false. */
  readonly clientErrorsAreFinal?: boolean
}

/** What a delivery says about its event; whatever it does not say is undefined. */
export interface EventDescription {
  /** The event type on the wire. */
  readonly type?: unknown
  /**
   * What stays the same across the retries of one event and differs between events: the provider's own id, or the
   * parts that make one together. Undefined: the body's hash is used.
   */
  readonly id?: unknown
  /** ISO 8601: when the event happened. */
  readonly occurredAt?: unknown
  /** What the event is about: a mailbox uid, a domain, an inbox. */
  readonly entity?: unknown
  /** The number of this attempt, from 1. */
  readonly attempt?: unknown
}
