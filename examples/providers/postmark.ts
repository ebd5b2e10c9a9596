import { defineProvider } from '@mailbox-hooks/core'
import { z } from 'zod'
import { HOUR_MS, type Options } from './options.js'

/**
 * Postmark inbound: nothing is signed. The address that you give it holds a user and a password, which come as Basic
 * authentication. The secrets are `user:password`.
 *
 * Answer 200 and nothing else: only that counts. Never answer 403: Postmark gives the mail up.
 */
export const postmark = ({ secrets, account }: Options) =>
  defineProvider({
    name: 'postmark',
    account,
    signature: { authorization: 'Basic', secrets, readings: [{ algorithm: 'token' }] },
    // Ten retries in 10.5 hours.
    retries: { spanMs: 11 * HOUR_MS, maxHandlerMs: 120_000 },
    describe: (payload) => ({
      type: 'inbound',
      // The mail's own Message-ID was chosen by who sent the mail.
      id: payload.MessageID,
      about: { addresses: [payload.From, payload.To, payload.Cc, payload.OriginalRecipient], ids: [payload.MessageID] },
    }),
    events: () => ({
      inbound: z.looseObject({
        MessageID: z.string(),
        From: z.string(),
        To: z.string(),
        Subject: z.string().optional(),
      }),
    }),
  })
