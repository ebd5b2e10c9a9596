import { defineProvider } from '@mailbox-hooks/core'
import { HOUR_MS, type Options } from './options.js'

/**
 * Lemlist: a secret that you give it comes back as the field `secret` of each body. Whoever sees one body has it. It is
 * hidden when a delivery is printed; do not store payloads as they are.
 */
export const lemlist = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'lemlist',
    account,
    signature: { field: 'secret', secrets, readings: [{ algorithm: 'token' }] },
    retries: { spanMs: 24 * HOUR_MS, maxHandlerMs: 30_000 },
    describe: ({ type, _id, leadEmail, createdAt }) => ({
      type,
      // Groups repeat single activities, perhaps with the same id.
      id: [type, _id],
      occurredAt: createdAt,
      entity: leadEmail,
      about: { addresses: [leadEmail], ids: [_id] },
    }),
    events: () => ({}),
    credentials: ['secret'],
  })
