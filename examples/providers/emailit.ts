import { defineProvider } from '@mailbox-hooks/core'
import { HOUR_MS, type Options, WINDOW } from './options.js'

/**
 * Emailit: HMAC-SHA256 of time and body. The whole `whsec_…` text is the key. The name of the signature header is an
 * assumption: look at the first real request.
 *
 * A request carries a list of 1 to 100 events, so the receiver needs `handOff`.
 */
export const emailit = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'emailit',
    account,
    list: true,
    signature: {
      header: 'x-emailit-signature',
      secrets,
      readings: [{ content: ['time', { text: '.' }, 'body'] }],
    },
    timestamp: { header: 'x-emailit-timestamp', format: 'unix-seconds', ...WINDOW },
    retries: { spanMs: 24 * HOUR_MS, maxHandlerMs: 30_000 },
    describe: (payload) => ({ type: payload.type, id: payload.event_id ?? payload.id }),
    events: () => ({}),
  })
