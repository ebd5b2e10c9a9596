import type { Secret } from '../signature/secrets.js'
import type { Provider } from './provider.js'

/** Everything by which a built-in provider is played: its samples, how it sends, and its lifecycles. */
export interface PlayedProvider<Key extends string = string, Name extends string = string, Events = object> {
  /** Names the provider in `sample`, e.g. `openMail`. */
  readonly key: Key
  readonly name: Name
  /** The name that the provider gives itself. */
  readonly title: string
  /** The environment variable in which the command line looks for its secret. */
  readonly variable: string
  readonly create: (options: { readonly secrets: readonly Secret[] }) => Provider<Name, Events>
  /** A payload for each event type, the same each time. */
  readonly samples: { readonly [Type in keyof Events & string]: Events[Type] }
  /** Each event type in a sentence. */
  readonly descriptions: { readonly [Type in keyof Events & string]: string }
  readonly sender: Sender
  readonly scenarios: readonly Scenario[]
}

/** How a signature is made where it is not said as data: an HMAC over the body, over `timestamp.body`, or the secret's hash. */
export type SigningReading = 'body' | 'timestamp.body' | 'token'

export type TimeForm = 'seconds' | 'milliseconds' | 'iso'

/** The sending side of a provider, from its documents. */
export interface Sender {
  /** How it signs, independently of what receives. Undefined: as the provider's scheme says. */
  readonly signing?: {
    readonly signatureHeader: string
    readonly timestampHeader: string
    readonly reading: SigningReading
    readonly prefix: string
    readonly time: TimeForm
  }
  /** The other headers it sends, besides the content type. */
  readonly headers?: (event: string, payload: PlayedPayload | undefined) => Readonly<Record<string, string>>
  /** The waits after failed attempts, in milliseconds. After the last one, the provider gives up. */
  readonly retryAfterMs: readonly number[]
  /** Whether a 4xx is final. */
  readonly clientErrorsAreFinal: boolean
  /** Returns the payload of a later attempt of the same event. Default: the same. */
  readonly repeat?: (payload: PlayedPayload, attempt: number, at: Date) => PlayedPayload
  /** Returns the fields that make a payload another event, which happened at `at`. */
  readonly identity: (id: string, at: Date) => PlayedPayload
}

export type PlayedPayload = Readonly<Record<string, unknown>>

/** A lifecycle that the provider documents, with the deliveries that may go wrong in it. */
export interface Scenario {
  readonly name: string
  readonly description: string
  readonly play: (stage: Stage) => Promise<void>
}

/** What a scenario can do. */
export interface Stage<Event = unknown> {
  /** Creates a new event from the sample, with these fields set. */
  event(name: string, fields?: Readonly<Record<string, unknown>>, label?: string): Event
  /** Delivers an event, and retries on the provider's schedule until it gets a 2xx. */
  send(event: Event): Promise<void>
  /** Delivers an event once more, as after a lost answer. */
  sendAgain(event: Event): Promise<void>
  /** Delivers an event several times in parallel. */
  sendAtOnce(event: Event, copies: number): Promise<void>
}

/** Keeps the types of key, name and events. */
export const played = <const Key extends string, const Name extends string, Events>(
  provider: PlayedProvider<Key, Name, Events>,
): PlayedProvider<Key, Name, Events> => provider

/** How often a scenario delivers an event in parallel. */
export const COPIES = 4
