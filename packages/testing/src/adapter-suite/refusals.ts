import { inspect } from 'node:util'
import type { ErrorCode } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'
import type { AdapterUnderTest } from './adapter-under-test.js'
import type { Sending } from './client.js'
import type { Start } from './harness.js'
import {
  mailboxStatusChanged,
  messageReceived,
  signColdMailReseller,
  signed,
  signInboxKit,
  signOpenMail,
} from './provider-side.js'

interface Refused {
  readonly what: string
  readonly sending: () => Sending
  readonly status: number
  /** What the sender reads. */
  readonly error: ErrorCode
  /** What the operator reads; the same where not given. */
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

const sentAt = (offsetMs: number) => (): Sending => {
  const body = messageReceived()
  return { headers: signOpenMail(body, Date.now() + offsetMs), body }
}

const inboxKitSentAt = (offsetMs: number) => (): Sending => {
  const body = mailboxStatusChanged({ from: null, to: 'active', at: '2026-03-01T09:00:00.000Z' })
  return { headers: signInboxKit(body, Date.now() + offsetMs), body }
}

const signedBytes = (body: string | Uint8Array) => (): Sending => ({ headers: signOpenMail(body), body })

const REFUSED: readonly Refused[] = [
  {
    what: 'a request of nobody we know',
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
    what: 'another signature',
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
  { what: 'a delivery sent 301 s ago', sending: sentAt(-302_000), status: 401, error: 'timestamp_invalid' },
  { what: 'a delivery from 5 min ahead', sending: sentAt(310_000), status: 401, error: 'timestamp_invalid' },
  ...['NaN', '1e9', '1700000000abc', '-1', '0x6553f100', '', '17000000001700000000'].map(
    (time): Refused => ({
      what: `the time ${JSON.stringify(time)}`,
      sending: withTime(time),
      status: 401,
      error: 'timestamp_invalid',
    }),
  ),
  {
    what: 'an InboxKit delivery of two days ago, which it must send again',
    sending: inboxKitSentAt(-2 * DAY_MS),
    status: 503,
    error: 'timestamp_invalid',
  },
  { what: 'signed rubbish', sending: signedBytes('rubbish'), status: 400, error: 'body_invalid' },
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
    what: 'a signed __proto__ key in disguise',
    sending: signedBytes('{"event":"x","\\u005f_proto__":{"admin":true}}'),
    status: 400,
    error: 'body_invalid',
  },
  {
    what: 'a known type that is not as its schema says',
    sending: signedBytes(messageReceived('evt_x', { thread_id: 7 })),
    status: 422,
    error: 'payload_invalid',
  },
  {
    what: 'an InboxKit payload that is not as its schema says, which it must send again',
    sending: () => ({ headers: signInboxKit(''), body: '{"event":"mailbox.status_changed","data":{}}' }),
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

export function refusalsTests(start: Start, { differences }: AdapterUnderTest): void {
  it.each(REFUSED)('refuses $what: $status $error', async ({ sending, status, error, code = error }) => {
    const { send, outcomes, runs } = await start()
    const answer = await send(sending())
    expect(answer.status).toBe(status)
    expect(answer.text).toBe(JSON.stringify({ received: false, error }))
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(outcomes).toMatchObject([{ kind: 'rejected', status, code }])
    expect(runs).toHaveLength(0)
  })

  it('tells the operator how old a refused delivery is', async () => {
    const { send, outcomes } = await start()
    await send(sentAt(-3600_000)())
    await send(sentAt(3600_000)())
    const [old, ahead] = outcomes.map(({ ageMs }) => ageMs ?? Number.NaN)
    expect(old).toBeGreaterThan(3599_000)
    expect(ahead).toBeLessThan(-3598_000)
  })

  it('tells the operator which fields of a payload are wrong, and no value of them', async () => {
    const { send, outcomes } = await start()
    const answer = await send(signedBytes(messageReceived('evt_i', { thread_id: { planted: 'planted value' } }))())
    expect(outcomes[0]?.issues).toEqual([{ path: 'thread_id', expected: 'string' }])
    expect(outcomes[0]?.rawBody?.().toString()).toContain('planted value')
    expect(JSON.stringify(outcomes) + inspect(outcomes, { depth: 9 }) + answer.text).not.toContain('planted value')
  })

  it("hands a payload that does not fit over as unknown with invalid: 'deliver'", async () => {
    const { send, runs } = await start({ invalid: 'deliver' })
    expect((await send(signedBytes(messageReceived('evt_d', { thread_id: 7 }))())).status).toBe(200)
    expect(runs[0]?.event).toMatchObject({
      type: 'unknown',
      name: 'message.received',
      known: false,
      issues: [{ path: 'thread_id', expected: 'string' }],
    })
    expect(runs[0]?.id).toBe('openmail:evt_d')
  })

  it('refuses an announced body over the limit without reading it', async () => {
    const { send, outcomes } = await start({ limitBytes: 1000 })
    const body = messageReceived('evt_large', { padding: 'x'.repeat(2000) })
    const answer = await send({ headers: signOpenMail(body), body })
    expect(answer.status).toBe(413)
    expect(answer.json).toEqual({ received: false, error: 'body_too_large' })
    expect(answer.headers.connection).toBe('close')
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'body_too_large' }])
  })

  it('refuses a body that grows over the limit, and cuts its connection', async () => {
    const { send, reported, outcomes, runs } = await start({ limitBytes: 1000 })
    const body = messageReceived('evt_growing', { padding: 'x'.repeat(200_000) })
    const chunks = body.match(/.{1,10000}/gs)?.map((piece) => Buffer.from(piece)) ?? []
    // The answer, or the end of the connection, whichever the client sees first.
    const seen = await send({ headers: signOpenMail(body), chunks }).then(
      ({ status }) => status,
      () => 'cut',
    )
    expect([413, 'cut']).toContain(seen)
    await reported(1)
    expect(outcomes).toMatchObject([{ kind: 'rejected', status: 413, code: 'body_too_large' }])
    expect(runs).toHaveLength(0)
  })

  it('refuses other methods than POST', async () => {
    const { send, outcomes } = await start()
    const answer = await send({ method: 'PUT', ...signed(messageReceived()) })
    expect(answer.status).toBe(differences?.otherMethods?.status ?? 405)
    if (differences?.otherMethods !== undefined) return
    expect(answer.headers.allow).toBe('POST')
    expect(answer.json).toEqual({ received: false, error: 'method_not_allowed' })
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'method_not_allowed' }])
  })

  it('never refuses an authentic event because its type is not known', async () => {
    const { send, runs, outcomes } = await start()
    for (const body of [
      '{"event":"inbox.exploded","event_id":"evt_new"}',
      '{"event_id":"evt_bare"}',
      '{"anything":1}',
    ]) {
      expect((await send({ headers: signOpenMail(body), body })).status).toBe(200)
    }
    expect(runs.map(({ event }) => event)).toMatchObject([
      { type: 'unknown', name: 'inbox.exploded', known: false },
      { type: 'unknown', name: undefined, known: false },
      { type: 'unknown', name: undefined, known: false },
    ])
    expect(outcomes[0]).toMatchObject({
      kind: 'handled',
      type: 'unknown',
      name: 'inbox.exploded',
      id: 'openmail:evt_new',
    })
  })

  it('lets the first provider win that verifies, whichever else is configured', async () => {
    const { send, runs } = await start()
    const body = messageReceived()
    await send({ headers: { ...signColdMailReseller('other'), ...signOpenMail(body) }, body })
    expect(runs).toMatchObject([{ provider: 'openmail', trust: 'body+timestamp' }])
  })
}
