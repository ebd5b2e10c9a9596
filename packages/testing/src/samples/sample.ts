import type { ColdMailResellerEvents, InboxKitEvents, OpenMailEvents } from '@mailbox-hooks/core'
import { coldMailResellerSamples } from './cold-mail-reseller.js'
import { inboxKitSamples } from './inboxkit.js'
import { openMailSamples } from './openmail.js'
import type { Samples } from './samples-of.js'

/**
 * A realistic payload for each event of each provider, typed, with your own values laid over it.
 *
 * A sample is the same each time, its event id too: give another id to make another event. Credentials in it are those
 * of the providers' documents.
 *
 * @example
 * sample.coldMailReseller['mailbox.created']({ eventId: 'E1', data: { price: 3 } })
 */
export const sample: SamplesOfProviders = {
  coldMailReseller: coldMailResellerSamples,
  inboxKit: inboxKitSamples,
  openMail: openMailSamples,
}

/** Named, so that the declarations name the events and do not spell out their schemas. */
interface SamplesOfProviders {
  readonly coldMailReseller: Samples<ColdMailResellerEvents>
  readonly inboxKit: Samples<InboxKitEvents>
  readonly openMail: Samples<OpenMailEvents>
}
