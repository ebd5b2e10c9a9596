import { Agent } from 'node:http'
import { inspect } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { signedDelivery } from '../signed-delivery.js'
import { titled } from '../titled.js'
import type { AdapterUnderTest } from './adapter-under-test.js'
import { messageReceived, SECRETS, signed } from './deliveries.js'
import type { Start } from './harness.js'
import { REFUSED } from './refused-deliveries.js'

/** A whole second, so that the sender's timestamp is the exact time. */
const NOW = Date.parse('2026-03-01T09:00:00Z')

export function refusalsTests(start: Start, { differences }: AdapterUnderTest): void {
  it.each(titled(REFUSED, ({ what, status, error }) => `refuses ${what}: ${status} ${error}`))(
    '%s',
    async ({ sending, status, error, code = error }) => {
      const { send, outcomes, runs } = await start()
      const answer = await send(sending())
      expect(answer.status).toBe(status)
      expect(answer.text).toBe(JSON.stringify({ received: false, error }))
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
      expect(outcomes).toMatchObject([{ kind: 'rejected', status, code }])
      expect(runs).toHaveLength(0)
    },
  )

  it.each([
    ['300 s ago', 200, -300],
    ['301 s ago', 401, -301],
    ['300 s ahead', 200, 300],
    ['301 s ahead', 401, 301],
  ])('answers a delivery sent %s with %i', async (_when, status, seconds) => {
    const { send, outcomes } = await start({ now: () => NOW })
    expect((await send(signed(messageReceived(), NOW + seconds * 1000))).status).toBe(status)
    expect(outcomes[0]?.code).toBe(status === 200 ? undefined : 'timestamp_invalid')
  })

  it('reports the age of a refused delivery to the operator', async () => {
    const { send, outcomes } = await start({ now: () => NOW })
    for (const ageMs of [3600_000, -3600_000]) await send(signed(messageReceived(), NOW - ageMs))
    expect(outcomes.map(({ ageMs }) => ageMs)).toEqual([3600_000, -3600_000])
  })

  it('reports the wrong fields of a payload to the operator, without their values', async () => {
    const { send, outcomes } = await start()
    const answer = await send(signed(messageReceived('evt_i', { thread_id: { planted: 'planted value' } })))
    expect(outcomes[0]?.issues).toEqual([{ path: 'thread_id', expected: 'string' }])
    expect(outcomes[0]?.rawBody?.().toString()).toContain('planted value')
    expect(JSON.stringify(outcomes) + inspect(outcomes, { depth: 9 }) + answer.text).not.toContain('planted value')
  })

  it("delivers a payload that does not match as unknown with invalid: 'deliver'", async () => {
    const { send, runs } = await start({ invalid: 'deliver' })
    expect((await send(signed(messageReceived('evt_d', { thread_id: 7 })))).status).toBe(200)
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
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    const answer = await send({ ...signed(messageReceived('evt_large', { padding: 'x'.repeat(2000) })), agent })
    expect(answer.status).toBe(413)
    expect(answer.json).toEqual({ received: false, error: 'body_too_large' })
    expect(answer.headers.connection).toBe('close')
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'body_too_large' }])
  })

  it('refuses a body that grows over the limit, and closes its connection', async () => {
    const { send, reported, outcomes, runs } = await start({ limitBytes: 1000 })
    const body = messageReceived('evt_growing', { padding: 'x'.repeat(200_000) })
    const chunks = body.match(/.{1,10000}/gs)?.map((piece) => Buffer.from(piece)) ?? []
    // The client sees the answer or the closed connection first.
    const seen = await send({ headers: signed(body).headers, chunks }).then(
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

  it('accepts an authentic event of an unknown type', async () => {
    const { send, runs, outcomes } = await start()
    for (const body of [
      '{"event":"inbox.exploded","event_id":"evt_new"}',
      '{"event_id":"evt_bare"}',
      '{"anything":1}',
    ]) {
      expect((await send(signed(body))).status).toBe(200)
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

  it('uses the first of several providers that verifies', async () => {
    const { send, runs } = await start()
    const other = signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: SECRETS.coldMailReseller })
    const { headers, body } = signed(messageReceived())
    await send({ headers: { ...other.headers, ...headers }, body })
    expect(runs).toMatchObject([{ provider: 'openmail', trust: 'body+timestamp' }])
  })
}
