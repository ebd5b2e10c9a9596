import type { Sender } from './sender.js'

/** "HMAC-SHA256 signature of the payload", with no sample of it: taken at its word, lower-case hex over the body. */
export const coldMailResellerSender: Sender = {
  signatureHeader: 'cmr-x-signature',
  timestampHeader: 'cmr-x-timestamp',
  reading: 'body',
  prefix: '',
  time: 'seconds',
  headers: () => ({}),
  retryAfterMs: [30_000, 300_000],
  clientErrorsAreFinal: false,
  repeat: (payload) => payload,
  identity: (id) => ({ eventId: id }),
}
