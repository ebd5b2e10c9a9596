import { defineProvider } from '@mailbox-hooks/core'
import { z } from 'zod'
import { field, HOUR_MS, type Options } from './options.js'

/**
 * Mailgun webhooks: the signature stands in the body and covers a time and a token, not the event. Whoever has seen one
 * request can put any event under its three values until the window ends, so the trust is `'sender'`.
 *
 * Whether a retry gets a new time is not documented, so the window is a day, as long as the retries last.
 */
export const mailgun = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'mailgun',
    account,
    signature: {
      field: 'signature.signature',
      secrets,
      readings: [{ content: ['time', { field: 'signature.token' }] }],
    },
    timestamp: {
      field: 'signature.timestamp',
      format: 'unix-seconds',
      perAttempt: false,
      maxAgeSeconds: 86_400,
      maxAheadSeconds: 300,
    },
    retries: { spanMs: 9 * HOUR_MS, maxHandlerMs: 60_000 },
    describe(payload) {
      const event = payload['event-data']
      return {
        type: field(event, 'event'),
        // The token may be another one in each attempt.
        id: field(event, 'id'),
        about: { addresses: [field(event, 'recipient')], ids: [field(event, 'id')] },
      }
    },
    events: () => ({
      delivered: z.looseObject({ 'event-data': z.looseObject({ id: z.string(), event: z.literal('delivered') }) }),
    }),
    credentials: ['token'],
  })
