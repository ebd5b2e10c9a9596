import { defineProvider } from '@mailbox-hooks/core'
import { z } from 'zod'
import { field, HOUR_MS, type Options, WINDOW } from './options.js'

/**
 * Stripe: HMAC-SHA256 of time and body in `Stripe-Signature: t=…,v1=…`. The whole `whsec_…` text is the key. There are
 * several `v1` while a secret is rolled; parts of other versions are ignored.
 */
export const stripe = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'stripe',
    account,
    signature: {
      header: 'stripe-signature',
      pair: 'v1',
      secrets,
      readings: [{ content: ['time', { text: '.' }, 'body'] }],
    },
    timestamp: { pair: 't', format: 'unix-seconds', ...WINDOW },
    // Up to three days in live mode.
    retries: { spanMs: 73 * HOUR_MS, maxHandlerMs: 60_000 },
    describe: (payload) => ({ type: payload.type, id: payload.id, entity: field(field(payload.data, 'object'), 'id') }),
    events: () => ({
      'invoice.paid': z.looseObject({ id: z.string(), type: z.literal('invoice.paid'), data: z.looseObject({}) }),
    }),
  })
