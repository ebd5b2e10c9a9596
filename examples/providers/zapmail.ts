import { defineProvider } from '@mailbox-hooks/core'
import { field, HOUR_MS, type Options, WINDOW } from './options.js'

/** Zapmail: HMAC-SHA256 of time and body in `X-Zapmail-Signature: t=…,v1=…`. The whole `whsec_…` text is the key. */
export const zapmail = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'zapmail',
    account,
    signature: {
      header: 'x-zapmail-signature',
      pair: 'v1',
      secrets,
      readings: [{ content: ['time', { text: '.' }, 'body'] }],
    },
    timestamp: { pair: 't', format: 'unix-seconds', ...WINDOW },
    // Eight attempts from a minute to a day apart.
    retries: { spanMs: 72 * HOUR_MS, maxHandlerMs: 10_000 },
    describe: ({ type, id, data }) => ({
      type,
      id,
      about: {
        addresses: [field(field(data, 'mailboxDetails'), 'email')],
        domains: [field(field(data, 'domainDetails'), 'domain')],
      },
    }),
    events: () => ({}),
  })
