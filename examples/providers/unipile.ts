import { defineProvider } from '@mailbox-hooks/core'
import { HOUR_MS, type Options, WINDOW } from './options.js'

/**
 * Unipile v1: nothing is signed. You give it a header of your own, here `Unipile-Auth`, when you create the webhook. Its
 * body may be JSON or a form. Answer exactly 200 within 30 s.
 */
export const unipileV1 = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'unipile-v1',
    account,
    body: 'json-or-form',
    signature: { header: 'unipile-auth', secrets, readings: [{ algorithm: 'token' }] },
    // Five retries, at times that are not documented.
    retries: { spanMs: 24 * HOUR_MS, maxHandlerMs: 30_000 },
    describe: ({ event, message_id, email_id, account_id }) => ({
      type: event,
      // There is no id of the event. One message may have several events.
      id: message_id === undefined && email_id === undefined ? undefined : [event, message_id, email_id],
      entity: account_id,
      about: { ids: [message_id, email_id, account_id] },
    }),
    events: () => ({}),
  })

/** Unipile v2: HMAC-SHA256 of time and body in `Unipile-Signature: t=…,v0=…`. Note the `v0`. */
export const unipileV2 = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'unipile-v2',
    account,
    signature: {
      header: 'unipile-signature',
      pair: 'v0',
      secrets,
      readings: [{ content: ['time', { text: '.' }, 'body'] }],
    },
    timestamp: { pair: 't', format: 'unix-seconds', ...WINDOW },
    retries: { spanMs: 24 * HOUR_MS, maxHandlerMs: 30_000 },
    describe: (payload) => ({ type: payload.type, id: payload.id }),
    events: () => ({}),
  })
