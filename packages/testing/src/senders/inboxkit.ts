import type { Sender } from './sender.js'

/** The signature is the hash of the team's key, the same in each request. Events are told apart by their time alone. */
export const inboxKitSender: Sender = {
  signatureHeader: 'x-inboxkit-signature',
  timestampHeader: 'x-inboxkit-timestamp',
  reading: 'token',
  prefix: 'sha256=',
  time: 'iso',
  headers: (event) => ({ 'x-inboxkit-event': event, 'user-agent': 'InboxKit-Webhook/1.0' }),
  // "Up to 3 retries within minutes" is all that is known.
  retryAfterMs: [30_000, 60_000, 120_000],
  clientErrorsAreFinal: true,
  repeat: (payload) => payload,
  identity: (_id, at) => ({ timestamp: at.toISOString() }),
}
