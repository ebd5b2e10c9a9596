import type { Sender } from './sender.js'

/** Sends the hash of the team's key as the signature, the same in each request. Only the time distinguishes events. */
export const inboxKitSender: Sender = {
  signatureHeader: 'x-inboxkit-signature',
  timestampHeader: 'x-inboxkit-timestamp',
  reading: 'token',
  prefix: 'sha256=',
  time: 'iso',
  headers: (event) => ({ 'x-inboxkit-event': event, 'user-agent': 'InboxKit-Webhook/1.0' }),
  // The only known fact is "up to 3 retries within minutes".
  retryAfterMs: [30_000, 60_000, 120_000],
  clientErrorsAreFinal: true,
  repeat: (payload) => payload,
  identity: (_id, at) => ({ timestamp: at.toISOString() }),
}
