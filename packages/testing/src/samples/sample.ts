import type { ColdMailResellerEvents, InboxKitEvents, OpenMailEvents } from '@mailbox-hooks/core'
import { coldMailResellerSamples } from './cold-mail-reseller.js'
import { inboxKitSamples } from './inboxkit.js'
import { openMailSamples } from './openmail.js'
import type { Samples } from './samples-of.js'

/**
 * Returns a realistic, typed payload for each event of each provider, with your own values applied.
 *
 * A sample is the same each time, including its event id. Set another id to make another event. Its credentials are those
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

/** Named types, so that the declarations do not spell out the schemas. */
interface SamplesOfProviders {
  readonly coldMailReseller: Samples<ColdMailResellerEvents>
  readonly inboxKit: Samples<InboxKitEvents>
  readonly openMail: Samples<OpenMailEvents>
}
