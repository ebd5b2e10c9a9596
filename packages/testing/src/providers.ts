import type { Provider, SigningScheme } from '@mailbox-hooks/core'
import { describeProvider, PLAYED, type PlayedProvider, type Sender } from '@mailbox-hooks/core/play'
import { sampleOfSchema } from './samples/sample-of-schema.js'
import { ownSender } from './senders/own-sender.js'
import type { Payload } from './senders/sender.js'

type BuiltIn = (typeof PLAYED)[number]

type EventsByProvider = {
  readonly [P in BuiltIn as P['name']]: P extends PlayedProvider<string, string, infer Events> ? Events : never
}

/** The built-in providers by name. */
export type ProviderName = keyof EventsByProvider

/** A built-in provider by its name, or a provider of your own. */
export type PlayableProvider = ProviderName | Provider

/** The events of a provider. */
type EventsOf<P extends PlayableProvider> = P extends ProviderName
  ? EventsByProvider[P]
  : P extends Provider<string, infer Events>
    ? Events
    : never

/** The event types of a provider. */
export type EventName<P extends PlayableProvider> = keyof EventsOf<P> & string

/** The payload of an event of a provider. */
export type EventPayload<P extends PlayableProvider, Event extends EventName<P>> = EventsOf<P>[Event]

/** What is needed to play a provider. */
export interface Playable {
  readonly name: string
  readonly scheme: SigningScheme
  readonly sender: Sender
  /** Returns the payload as another event, which happened at `at`. */
  another(payload: Payload, id: string, at: Date): Payload
  /** Returns the sample payload of an event. Throws a `TypeError` if there is none. */
  sample(event: string): Payload
  /** Whether a payload may be given whole, without a sample under it. */
  readonly mayBeWhole: boolean
}

/** Throws a `TypeError` for a name that no built-in provider has. */
export function playable(provider: PlayableProvider): Playable {
  return typeof provider === 'string' ? builtIn(provider) : own(provider)
}

function builtIn(name: string): Playable {
  const found = PLAYED.find((known) => known.name === name)
  if (found === undefined) {
    throw new TypeError(`There is no provider ${name}: it is one of ${PLAYED.map((known) => known.name).join(', ')}`)
  }
  const { sender, create } = found
  // Each is looked up by a name that is known at run time only.
  const samples: Readonly<Record<string, Payload>> = found.samples as object as Record<string, Payload>
  return {
    name,
    sender,
    mayBeWhole: false,
    get scheme() {
      return describeProvider(create).scheme
    },
    another: (payload, id, at) => ({ ...payload, ...sender.identity(id, at) }),
    sample(event) {
      if (Object.hasOwn(samples, event)) return structuredClone(samples[event] ?? {})
      throw new TypeError(`${name} has no event ${event}: it is one of ${Object.keys(samples).join(', ')}`)
    },
  }
}

function own(provider: Provider): Playable {
  if (typeof provider?.schemaOf !== 'function' || provider.scheme === undefined) {
    throw new TypeError('Pass the name of a built-in provider, or a provider that defineProvider made')
  }
  const { sender, another } = ownSender(provider)
  return {
    name: provider.name,
    scheme: provider.scheme,
    sender,
    another,
    mayBeWhole: true,
    sample: (event) => sampleOfSchema(provider, event),
  }
}
