import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import type { AdapterUnderTest } from './adapter-under-test.js'
import type { Start } from './harness.js'
import { messageReceived, signColdMailReseller, signed, signOpenMail } from './provider-side.js'
import { REFUSED, sentAt } from './refused-deliveries.js'

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
    const answer = await send(signed(messageReceived('evt_i', { thread_id: { planted: 'planted value' } })))
    expect(outcomes[0]?.issues).toEqual([{ path: 'thread_id', expected: 'string' }])
    expect(outcomes[0]?.rawBody?.().toString()).toContain('planted value')
    expect(JSON.stringify(outcomes) + inspect(outcomes, { depth: 9 }) + answer.text).not.toContain('planted value')
  })

  it("hands a payload that does not fit over as unknown with invalid: 'deliver'", async () => {
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
