import { defineProvider } from '@mailbox-hooks/core'
import { HOUR_MS, type Options } from './options.js'

/**
 * Instantly: nothing is signed. You give it headers of your own, here `Authorization: Basic …`. The secrets are
 * `user:password`. `x-instantly-signature`, which some receivers look for, stands in no document.
 */
export const instantly = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'instantly',
    account,
    signature: { authorization: 'Basic', secrets, readings: [{ algorithm: 'token' }] },
    retries: { spanMs: 24 * HOUR_MS, maxHandlerMs: 30_000 },
    describe: ({ event_type, lead_email, campaign_id, step, variant, timestamp }) => ({
      type: event_type,
      // There is no id. Whether a retry repeats the time is not documented.
      id: [event_type, lead_email, campaign_id, step, variant, timestamp],
      occurredAt: timestamp,
      entity: lead_email,
      about: { addresses: [lead_email], ids: [campaign_id] },
    }),
    events: () => ({}),
  })
