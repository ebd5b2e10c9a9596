import { defineProvider } from '@mailbox-hooks/core'
import { field, HOUR_MS, type Options } from './options.js'

/**
 * Smartlead, as its help centre describes it: `X-Smartlead-Signature: sha256=…`, HMAC-SHA256 of the body.
 *
 * Its API pages know no signature at all. Look at the first real request. If there is none, put a secret into the address
 * (`{ query: 'token' }`), and never accept "a signature if there is one".
 */
export const smartlead = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'smartlead',
    account,
    signature: { header: 'x-smartlead-signature', prefix: 'sha256=', secrets, readings: [{ content: ['body'] }] },
    retries: { spanMs: 24 * HOUR_MS, maxHandlerMs: 30_000 },
    describe: (payload) => ({
      type: payload.type,
      id: payload.id,
      occurredAt: payload.created_at,
      attempt: field(payload.meta, 'attempt'),
    }),
    events: () => ({}),
  })
