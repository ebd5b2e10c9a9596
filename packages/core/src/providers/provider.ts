import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { WebhookError } from '../errors.js'
import type { JsonObject } from '../request/parse-json.js'
import type { HeaderReader, RequestHead } from '../request/webhook-request.js'
import type { FoundTexts, HeaderFamily } from '../signature/places.js'
import type { PresentedSignature, Proof, SignatureOptions } from '../signature/signature.js'
import type { TimestampOptions } from '../signature/timestamp.js'

export type { JsonObject } from '../request/parse-json.js'

/** The schemas by event type, as the provider names it. */
export interface EventSchemas {
  readonly [type: string]: StandardSchemaV1
}

/**
 * A provider, as the receiver uses it. `defineProvider` creates one.
 *
 * `Events` exists only in types: it carries the payload type of each event type to the handler.
 */
export interface Provider<Name extends string = string, Events = unknown> {
  readonly name: Name
  readonly account: string | undefined
  readonly retries: RetryRules
  /** The lower-case name of the signature header. A request with this header is tried against this provider. */
  readonly signatureHeader: string
  /** The lower-case name of the timestamp header. Undefined if deliveries carry no time. */
  readonly timestampHeader: string | undefined
  /** The headers of a signature that belong together. A request has those of one family. Empty if it stands elsewhere. */
  readonly headerFamilies: readonly HeaderFamily[]
  /** How long a captured request stays within the window, in milliseconds. 0 if no time is checked. */
  readonly windowMs: number
  /** Returns hashes of the secrets, which show whether two providers share one. Never keep or print them. */
  secretMarks?(): readonly string[]
  /** How far ahead of this machine's clock a time may be, in milliseconds. */
  readonly maxAheadMs: number
  /** Names of payload fields that hold credentials, in addition to those that `redact` knows. */
  readonly credentials: readonly string[]
  /** Says how requests are signed, for whoever plays the provider. It holds no secret. */
  readonly scheme: SigningScheme
  /** Whether one request carries several events. */
  readonly takesLists: boolean
  readonly handshakes: readonly Handshake[]
  /**
   * Checks everything that the head alone decides. Returns undefined if the request is not this provider's. Throws a
   * `WebhookError` to refuse it.
   */
  examine(head: RequestHead, nowMs: number): Examined | undefined
  /** Returns what the signature proves about the body, or undefined if it is wrong. */
  verify(examined: Examined, head: RequestHead, body: Uint8Array): Proof | undefined
  /** Parses a verified body. Throws `body_invalid`. */
  parse(body: Uint8Array): ParsedBody
  /** Describes the event by a payload of any shape and by the signed headers. */
  describe(payload: JsonObject, headers: HeaderReader): EventDescription
  /** Returns the schema of a type, or undefined if there is none. */
  schemaOf(type: string): StandardSchemaV1 | undefined
  /** The types that have a schema. */
  readonly types: readonly string[]
  /** Never set; it carries `Events` in the type. */
  readonly ' events'?: Events
}

/** The result of `examine`: a request whose headers are well formed, except for `refusal`. */
export interface Examined {
  /** The time against which the request is judged. */
  readonly nowMs: number
  readonly texts: FoundTexts
  readonly presented: readonly PresentedSignature[]
  /** The time of the delivery, in milliseconds since 1970. Undefined if the provider gives none. */
  readonly sentAtMs: number | undefined
  /** Set if a static token has already proven the sender. */
  readonly proof: Proof | undefined
  /**
   * What is wrong with the time. Set only where a 4xx is final and the body has yet to prove that the sender is genuine:
   * the refusal is thrown then, and what proves nothing is refused as any forgery.
   */
  readonly refusal?: WebhookError
}

/** The signed texts of a request, as they came: `signed.id` is safe to name an event by. */
export interface SignedParts {
  readonly id: string | undefined
  readonly time: string | undefined
}

/**
 * A question by which a provider makes sure that the address is yours. The answer is the text that it sent, as plain text.
 * Anybody can ask by the query. What stands in the body is answered only when it is signed.
 */
export type Handshake =
  | { readonly method: 'GET' | 'POST'; readonly query: string }
  | { readonly field: string; readonly when: Readonly<Record<string, string>> }

/** How requests are signed, without the secrets. */
export interface SigningScheme {
  readonly signature: Omit<SignatureOptions, 'secrets'>
  readonly timestamp: TimestampOptions | undefined
  readonly body: BodyFormat
  readonly list: true | string | undefined
}

/** The event of a request, or all of its events. `body` is the JSON of an event alone. */
export type ParsedBody =
  | { readonly payload: JsonObject; readonly body: Uint8Array; readonly items?: undefined }
  | { readonly items: readonly { readonly payload: JsonObject; readonly body: Uint8Array }[] }

/** How a body is written. A `'json-or-form'` is JSON if it begins with `{`, which no form does. */
export type BodyFormat = 'json' | 'form' | 'json-or-form'

/** The retries of a provider. */
export interface RetryRules {
  /** The longest time from the first attempt to the last automatic retry, in milliseconds. */
  readonly spanMs: number
  /** How long a handler may run, in milliseconds. Short enough that a retry follows if the handler hangs. */
  readonly maxHandlerMs: number
  /** Whether the provider does not retry after a 4xx. Default false. */
  readonly clientErrorsAreFinal?: boolean
}

/** The description of an event. A value that the delivery does not give is undefined. */
export interface EventDescription {
  /** The event type as the provider names it. */
  readonly type?: unknown
  /**
   * The native id, or the parts that make one together. It must be the same for all retries of an event and differ between
   * events. If it is undefined, the hash of the body is used.
   */
  readonly id?: unknown
  /** The time of the event, in ISO 8601. */
  readonly occurredAt?: unknown
  /** The object that the event is about: a mailbox uid, a domain, an inbox. */
  readonly entity?: unknown
  /** The number of this attempt, from 1. */
  readonly attempt?: unknown
  /** The addresses, ids and domains by which a journal finds the event. A getter is called only where there is one. */
  readonly about?: DescribedAbout
}

/**
 * Names what an event is about, as it stands in the payload: the core brings it into one form. Anything that is not a
 * text, or a list of texts, is left out.
 */
export interface DescribedAbout {
  /** Texts with one address or several, with or without display names: `Ada <ada@example.com>, bob@example.com`. */
  readonly addresses?: readonly unknown[]
  /** Ids of mailboxes, orders, subscriptions, inboxes, threads. They are kept as they are. */
  readonly ids?: readonly unknown[]
  readonly domains?: readonly unknown[]
}
