import type { Provider, Trust } from '@mailbox-hooks/core'

export type Payload = Readonly<Record<string, unknown>>

/** A delivery to sign as the provider's documents say. */
export interface Unsigned {
  readonly body: Buffer
  readonly sentAt: Date
  readonly secret: string
  /** The type of the event, for providers that put it into a header. */
  readonly type: string
  /** The id of the event, the same for all attempts, for providers that put it into a header. */
  readonly id: string
}

export interface ProviderUnderTest {
  /** Names the tests. */
  readonly name: string
  /** Creates the provider with these secrets, and otherwise as its users do. */
  provider(secrets: readonly string[]): Provider
  /**
   * Returns all headers of a delivery. Write it by the provider's documents or with the sender's own library. Do not reuse
   * code of the provider, because a shared mistake would stay hidden.
   */
  sign(delivery: Unsigned): Readonly<Record<string, string>>
  /** Lists a payload for each event type that has a schema, or a body as the documents print it. */
  readonly samples: Readonly<Record<string, Payload | string>>
  /** States what the signature covers, by the documents. */
  readonly trust: Trust
  /** Returns the payload of the next event about the same entity. Default: unchanged, for an id in a header. */
  anotherEvent?(payload: Payload): Payload
  /** Returns the payload of a later attempt. Default: unchanged. */
  nextAttempt?(payload: Payload): Payload
  /** States how old a delivery may be. Default 300. */
  readonly maxAgeSeconds?: number
  /** States how far ahead of the clock a delivery may be. Default 300. */
  readonly maxAheadSeconds?: number
  /** Sets two secrets in the provider's form. Default: 24 bytes in base64. */
  readonly secrets?: readonly [string, string]
  /** Lists payload fields that hold credentials, by the documents. Default: those of the provider. */
  readonly credentials?: readonly string[]
  /** Lists the intended differences of the provider, each with its reason. */
  readonly differences?: {
    /** Deliveries carry no time. */
    readonly noTime?: { readonly reason: string }
    /** Events have no id, so the hash of the body is used. */
    readonly noEventId?: { readonly reason: string }
    /** The documents do not say how the signature is written, so other encodings and prefixes are accepted too. */
    readonly anyForm?: { readonly reason: string }
    /** One header may hold several signatures with this separator. */
    readonly severalSignatures?: { readonly separator: string; readonly reason: string }
  }
}
