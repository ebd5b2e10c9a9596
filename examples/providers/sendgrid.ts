import { defineProvider } from '@mailbox-hooks/core'
import { HOUR_MS, type Options, WINDOW } from './options.js'

/**
 * SendGrid's event webhook: ECDSA on P-256 over time and body, with the public key that its settings show. Signing is off
 * until you switch it on.
 *
 * A request carries a list of events, so the receiver needs `handOff`.
 */
export const sendGrid = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'sendgrid',
    account,
    list: true,
    signature: {
      header: 'x-twilio-email-event-webhook-signature',
      key: 'spki',
      encodings: ['base64'],
      secrets,
      readings: [{ algorithm: 'ecdsa-p256', content: ['time', 'body'] }],
    },
    timestamp: { header: 'x-twilio-email-event-webhook-timestamp', format: 'unix-seconds', ...WINDOW },
    retries: { spanMs: 25 * HOUR_MS, maxHandlerMs: 30_000 },
    describe: ({ event, sg_event_id, sg_message_id, email }) => ({
      type: event,
      id: sg_event_id,
      entity: email,
      about: { addresses: [email], ids: [sg_message_id] },
    }),
    events: () => ({}),
  })
