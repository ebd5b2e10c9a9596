import { defineProvider } from '@mailbox-hooks/core'
import { z } from 'zod'
import { HOUR_MS, type Options } from './options.js'

/**
 * Mailgun routes, `forward()`: a mail as a form, signed as the webhooks are, so the mail itself is not covered.
 *
 * A mail with attachments comes as `multipart/form-data`, which is not supported: it is refused. Use `store()` with
 * `notify()` for these, and fetch the mail.
 */
export const mailgunRoute = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'mailgun-route',
    account,
    body: 'form',
    signature: { field: 'signature', secrets, readings: [{ content: ['time', { field: 'token' }] }] },
    timestamp: {
      field: 'timestamp',
      format: 'unix-seconds',
      perAttempt: false,
      maxAgeSeconds: 86_400,
      maxAheadSeconds: 300,
    },
    retries: { spanMs: 9 * HOUR_MS, maxHandlerMs: 60_000 },
    describe: (payload) => ({
      type: 'inbound',
      id: [payload['Message-Id'], payload.recipient],
      about: { addresses: [payload.recipient, payload.sender, payload.from], ids: [payload['Message-Id']] },
    }),
    events: () => ({
      inbound: z.looseObject({ recipient: z.string(), sender: z.string(), subject: z.string().optional() }),
    }),
    credentials: ['token', 'signature'],
  })
