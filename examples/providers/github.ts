import { defineProvider } from '@mailbox-hooks/core'
import { field, HOUR_MS, type Options } from './options.js'

/**
 * GitHub: `X-Hub-Signature-256: sha256=…`, HMAC-SHA256 of the body. It retries nothing by itself.
 *
 * Type and id of the event stand in headers that are not signed. The type is all there is, so do not act on it alone; the id
 * is left out, because a captured request with another id would be a new event. The body's hash names the event.
 */
export const github = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'github',
    account,
    signature: { header: 'x-hub-signature-256', prefix: 'sha256=', secrets, readings: [{ content: ['body'] }] },
    retries: { spanMs: HOUR_MS, maxHandlerMs: 10_000 },
    describe: (payload, headers) => ({
      type: headers.header('x-github-event'),
      entity: field(payload.repository, 'full_name'),
    }),
    events: () => ({}),
  })
