import type { Sender } from './sender.js'

/** Signs the body in lower-case hex. The documents say "HMAC-SHA256 signature of the payload" and show no sample. */
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
