import { defineProvider } from '@mailbox-hooks/core'
import { HOUR_MS, type Options } from './options.js'

/**
 * Postmark inbound with a secret in the address, `https://example.com/webhooks?token=…`. Whatever logs addresses then logs
 * the secret: take Basic authentication where you can.
 */
export const postmarkByUrl = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'postmark-by-url',
    account,
    signature: { query: 'token', secrets, readings: [{ algorithm: 'token' }] },
    retries: { spanMs: 11 * HOUR_MS, maxHandlerMs: 120_000 },
    describe: (payload) => ({ type: 'inbound', id: payload.MessageID }),
    events: () => ({}),
  })
