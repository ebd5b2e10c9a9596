import type { Sender } from './sender.js'

export const openMailSender: Sender = {
  signatureHeader: 'x-signature',
  timestampHeader: 'x-timestamp',
  reading: 'timestamp.body',
  prefix: '',
  time: 'seconds',
  headers: (_event, payload) => ({ ...(typeof payload?.event_id === 'string' && { 'x-event-id': payload.event_id }) }),
  retryAfterMs: [30_000, 60_000, 120_000, 240_000],
  clientErrorsAreFinal: false,
  // Only mails carry the number of their attempt, so their body changes with each retry.
  repeat: (payload, attempt, at) =>
    'attempt' in payload ? { ...payload, attempt, delivered_at: at.toISOString() } : payload,
  identity: (id, at) => ({ event_id: id, occurred_at: at.toISOString() }),
}
