import type { Provider, Trust } from '@mailbox-hooks/core'

export type Payload = Readonly<Record<string, unknown>>

/** One delivery, to be signed as the provider's documents say. */
export interface Unsigned {
  readonly body: Buffer
  readonly sentAt: Date
  readonly secret: string
  /** The event's, for providers that write it into a header. */
  readonly type: string
  /** The same for all attempts of one event, for providers that write it into a header. */
  readonly id: string
}

export interface ProviderUnderTest {
  /** The heading of the tests. */
  readonly name: string
  /** Makes the provider with these secrets, and otherwise as its users do. */
  provider(secrets: readonly string[]): Provider
  /**
   * All headers of a delivery. Write it from the provider's documents, or with the sender's own library, and with nothing
   * that the provider is made of: otherwise the two agree with each other and with nobody else.
   */
  sign(delivery: Unsigned): Readonly<Record<string, string>>
  /** A payload for each event type that has a schema, or a body as the documents print it. */
  readonly samples: Readonly<Record<string, Payload | string>>
  /** What the documents let the signature cover. */
  readonly trust: Trust
  /** The same payload as the next event about the same thing. Default: unchanged, for an id that is in a header. */
  anotherEvent?(payload: Payload): Payload
  /** The same payload as a later attempt carries it. Default: unchanged. */
  nextAttempt?(payload: Payload): Payload
  /** How old a delivery may be. Default 300. */
  readonly maxAgeSeconds?: number
  /** How far from the future it may come. Default 300. */
  readonly maxAheadSeconds?: number
  /** Two of the form that the provider gives out. Default: 24 bytes in base64. */
  readonly secrets?: readonly [string, string]
  /** Names of payload fields that hold credentials, by the documents. Default: those that the provider names. */
  readonly credentials?: readonly string[]
  /** Where the provider rightly differs, each with its reason. */
  readonly differences?: {
    /** Its deliveries do not say when they were sent. */
    readonly noTime?: { readonly reason: string }
    /** Its events have no id: the hash of the body stands for it. */
    readonly noEventId?: { readonly reason: string }
    /** Its documents do not say how the signature is written, so that other encodings and prefixes are read, too. */
    readonly anyForm?: { readonly reason: string }
    /** One header may hold several signatures, with this between them. */
    readonly severalSignatures?: { readonly separator: string; readonly reason: string }
  }
}
