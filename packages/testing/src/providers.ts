import type { ColdMailResellerEvents, InboxKitEvents, OpenMailEvents } from '@mailbox-hooks/core'
import { coldMailResellerSamples } from './samples/cold-mail-reseller.js'
import { inboxKitSamples } from './samples/inboxkit.js'
import { openMailSamples } from './samples/openmail.js'
import type { PayloadOf } from './samples/samples-of.js'
import { coldMailResellerSender } from './senders/cold-mail-reseller.js'
import { inboxKitSender } from './senders/inboxkit.js'
import { openMailSender } from './senders/openmail.js'
import type { Payload, Sender } from './senders/sender.js'

interface EventsByProvider {
  readonly 'cold-mail-reseller': ColdMailResellerEvents
  readonly inboxkit: InboxKitEvents
  readonly openmail: OpenMailEvents
}

/** The providers by name. */
export type ProviderName = keyof EventsByProvider

/** The event types of a provider. */
export type EventName<Name extends ProviderName> = keyof EventsByProvider[Name] & string

/** The payload of an event of a provider. */
export type EventPayload<Name extends ProviderName, Event extends EventName<Name>> = PayloadOf<
  EventsByProvider[Name],
  Event
>

interface PlayedProvider {
  readonly sender: Sender
  readonly samples: Readonly<Record<string, (overrides?: never) => Payload>>
}

const PROVIDERS: Readonly<Record<ProviderName, PlayedProvider>> = {
  'cold-mail-reseller': { sender: coldMailResellerSender, samples: coldMailResellerSamples },
  inboxkit: { sender: inboxKitSender, samples: inboxKitSamples },
  openmail: { sender: openMailSender, samples: openMailSamples },
}

export function senderOf(provider: ProviderName): Sender {
  if (Object.hasOwn(PROVIDERS, provider)) return PROVIDERS[provider].sender
  throw new TypeError(`There is no provider ${provider}: it is one of ${Object.keys(PROVIDERS).join(', ')}`)
}

/** The sample payload of an event. */
export function samplePayload(provider: ProviderName, event: string): Payload {
  const { samples } = PROVIDERS[provider]
  const sample = Object.hasOwn(samples, event) ? samples[event] : undefined
  if (sample === undefined) {
    throw new TypeError(`${provider} has no event ${event}: it is one of ${Object.keys(samples).join(', ')}`)
  }
  return sample()
}
