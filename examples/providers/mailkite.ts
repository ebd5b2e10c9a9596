import { defineProvider } from '@mailbox-hooks/core'
import { HOUR_MS, type Options, WINDOW } from './options.js'

/**
 * MailKite: as Stripe, with the time in milliseconds. Nothing guesses the unit: seconds would be 56,000 years ahead. The name
 * of the header is an assumption: look at the first real request.
 */
export const mailKite = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'mailkite',
    account,
    signature: {
      header: 'mailkite-signature',
      pair: 'v1',
      secrets,
      readings: [{ content: ['time', { text: '.' }, 'body'] }],
    },
    timestamp: { pair: 't', format: 'unix-milliseconds', ...WINDOW },
    retries: { spanMs: 24 * HOUR_MS, maxHandlerMs: 30_000 },
    describe: (payload) => ({ type: payload.type, id: payload.id }),
    events: () => ({}),
  })
