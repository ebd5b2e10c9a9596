import type { ErrorCode } from '@mailbox-hooks/core'
import { signedDelivery } from '../signed-delivery.js'
import type { Sending } from './client.js'
import { messageReceived, SECRETS, signed } from './deliveries.js'

interface Refused {
  readonly what: string
  readonly sending: () => Sending
  readonly status: number
  /** The code that the sender reads. */
  readonly error: ErrorCode
  /** The code that the operator reads. Default: the same. */
  readonly code?: ErrorCode
}

const DAY_MS = 24 * 3600_000

const withHeaders = (change: (headers: Record<string, string>) => Sending['headers']) => (): Sending => {
  const { headers, body } = signed(messageReceived())
  return { headers: change(headers) ?? {}, body }
}

const withSignature = (change: (signature: string) => string) =>
  withHeaders((headers) => ({ ...headers, 'x-signature': change(headers['x-signature'] ?? '') }))

const withTime = (time: string) => withHeaders((headers) => ({ ...headers, 'x-timestamp': time }))

const signedBytes = (body: string | Uint8Array) => (): Sending => signed(body)

const ofInboxKit = (options: { at?: number; body?: string }): Sending =>
  signedDelivery('inboxkit', 'mailbox.status_changed', { secret: SECRETS.inboxKit, ...options })

/** Every delivery that an adapter refuses itself, with its answer. */
export const REFUSED: readonly Refused[] = [
  {
    what: 'a request of an unknown sender',
    sending: () => ({ body: '{}' }),
    status: 401,
    error: 'signature_invalid',
    code: 'provider_unknown',
  },
  {
    what: 'an empty signature',
    sending: withSignature(() => ''),
    status: 401,
    error: 'signature_invalid',
    code: 'signature_missing',
  },
  {
    what: 'a signature one digit short',
    sending: withSignature((s) => s.slice(1)),
    status: 401,
    error: 'signature_invalid',
    code: 'signature_malformed',
  },
  {
    what: 'a signature one digit long',
    sending: withSignature((s) => `${s}0`),
    status: 401,
    error: 'signature_invalid',
    code: 'signature_malformed',
  },
  {
    what: 'a signature that is not hex',
    sending: withSignature((s) => `g${s.slice(1)}`),
    status: 401,
    error: 'signature_invalid',
    code: 'signature_malformed',
  },
  {
    what: 'a wrong signature',
    sending: withSignature((s) => (s.startsWith('0') ? '1' : '0') + s.slice(1)),
    status: 401,
    error: 'signature_invalid',
  },
  {
    what: 'two signature headers',
    sending: withHeaders((h) => ({ ...h, 'x-signature': [h['x-signature'] ?? '', h['x-signature'] ?? ''] })),
    status: 401,
    error: 'signature_invalid',
    code: 'signature_repeated',
  },
  {
    what: 'two time headers',
    sending: withHeaders((h) => ({ ...h, 'x-timestamp': [h['x-timestamp'] ?? '', '1'] })),
    status: 401,
    error: 'signature_invalid',
    code: 'signature_repeated',
  },
  {
    what: 'a body that was tampered with',
    sending: () => ({ ...signed(messageReceived('evt_a')), body: messageReceived('evt_b') }),
    status: 401,
    error: 'signature_invalid',
  },
  ...['NaN', '1e9', '1700000000abc', '-1', '0x6553f100', '', '17000000001700000000'].map(
    (time): Refused => ({
      what: `the time ${JSON.stringify(time)}`,
      sending: withTime(time),
      status: 401,
      error: 'timestamp_invalid',
    }),
  ),
  {
    what: 'an InboxKit delivery of two days ago, to be retried',
    sending: () => ofInboxKit({ at: Date.now() - 2 * DAY_MS }),
    status: 503,
    error: 'timestamp_invalid',
  },
  { what: 'a signed body that is not JSON', sending: signedBytes('rubbish'), status: 400, error: 'body_invalid' },
  { what: 'a signed empty body', sending: signedBytes(''), status: 400, error: 'body_invalid' },
  { what: 'a signed list', sending: signedBytes('[1]'), status: 400, error: 'body_invalid' },
  { what: 'a signed null', sending: signedBytes('null'), status: 400, error: 'body_invalid' },
  {
    what: 'a signed body that is not UTF-8',
    sending: signedBytes(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
    status: 400,
    error: 'body_invalid',
  },
  {
    what: 'a signed body with a byte order mark',
    sending: signedBytes(`\uFEFF${messageReceived()}`),
    status: 400,
    error: 'body_invalid',
  },
  {
    what: 'a signed __proto__ key',
    sending: signedBytes('{"event":"x","data":{"__proto__":{"admin":true}}}'),
    status: 400,
    error: 'body_invalid',
  },
  {
    what: 'a signed __proto__ key with escaped characters',
    sending: signedBytes('{"event":"x","\\u005f_proto__":{"admin":true}}'),
    status: 400,
    error: 'body_invalid',
  },
  {
    what: 'a known type that does not match its schema',
    sending: signedBytes(messageReceived('evt_x', { thread_id: 7 })),
    status: 422,
    error: 'payload_invalid',
  },
  {
    what: 'an InboxKit payload that does not match its schema, to be retried',
    sending: () => ofInboxKit({ body: '{"event":"mailbox.status_changed","data":{}}' }),
    status: 503,
    error: 'payload_invalid',
  },
  {
    what: 'a compressed body',
    sending: withHeaders((h) => ({ ...h, 'content-encoding': 'gzip' })),
    status: 415,
    error: 'encoding_unsupported',
  },
]
