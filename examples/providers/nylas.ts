import { defineProvider } from '@mailbox-hooks/core'
import { z } from 'zod'
import { field, HOUR_MS, type Options } from './options.js'

/**
 * Nylas v3: HMAC-SHA256 of the body, in hex. No time and no id are signed, so only the memory of ids stops a replay.
 *
 * Leave `compressed_delivery` off: bodies in gzip are refused, because no document says which bytes are signed then.
 */
export const nylas = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'nylas',
    account,
    signature: { header: 'x-nylas-signature', secrets, readings: [{ content: ['body'] }] },
    // Three attempts. How far apart they are is not documented for v3.
    retries: { spanMs: HOUR_MS, maxHandlerMs: 10_000 },
    describe: (payload) => ({
      type: payload.type,
      id: payload.id,
      entity: field(field(payload.data, 'object'), 'grant_id'),
      about: { ids: [field(field(payload.data, 'object'), 'grant_id')] },
    }),
    events: () => ({
      'message.created': z.looseObject({ type: z.literal('message.created'), id: z.string(), data: z.looseObject({}) }),
    }),
    // On creation of the destination it asks, unsigned, by GET.
    handshakes: [{ method: 'GET', query: 'challenge' }],
  })
