import { defineProvider } from '@mailbox-hooks/core'
import { HOUR_MS, type Options } from './options.js'

/**
 * EmailBison documents no authentication, so the only secret is one in the address that you give it. Its payloads are
 * documented only inside the product: see what they call the type and the id.
 */
export const emailBison = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'emailbison',
    account,
    signature: { query: 'token', secrets, readings: [{ algorithm: 'token' }] },
    retries: { spanMs: 24 * HOUR_MS, maxHandlerMs: 30_000 },
    describe: () => ({}),
    events: () => ({}),
  })
