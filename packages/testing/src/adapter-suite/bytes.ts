import { Agent } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { titled } from '../titled.js'
import { sendPart } from './client.js'
import { freshId, messageReceived, signed } from './deliveries.js'
import type { Start } from './harness.js'

const text = (body_text: string) => ({
  message: { id: 'msg_1', from: 'ada@example.com', subject: '$$ $& $1', body_text },
})

const BODIES: readonly { what: string; body: (id: string) => string }[] = [
  { what: 'dollar signs', body: (id) => messageReceived(id, text('$$ $& $` $1 {body} {{timestamp}}')) },
  { what: 'text that is not ASCII', body: (id) => messageReceived(id, text('Grüße, 世界 🎉 \u2028 \u0000')) },
  { what: 'its own spacing', body: (id) => JSON.stringify(JSON.parse(messageReceived(id)), null, 4) },
  {
    what: 'unusual spellings of numbers',
    body: (id) => messageReceived(id).replace('{', '{"n":1.0e+2,"m":-0.0,'),
  },
  { what: '400 kB', body: (id) => messageReceived(id, text('ä'.repeat(200_000))) },
]

export function bytesTests(start: Start): void {
  it.each(titled(BODIES, 'what'))('delivers a body with %s unchanged', async ({ body: bodyOf }) => {
    const { send, runs } = await start()
    const body = bodyOf(freshId())
    expect((await send(signed(body))).status).toBe(200)
    expect(Buffer.from(runs[0]?.rawBody() ?? []).equals(Buffer.from(body))).toBe(true)
    expect(runs[0]?.event.payload).toEqual(JSON.parse(body))
  })

  it('joins chunks that split characters', async () => {
    const { send, runs } = await start()
    const body = messageReceived(freshId(), text('世界 🎉'))
    const chunks = [...Buffer.from(body)].map((byte) => Buffer.from([byte]))
    expect((await send({ headers: signed(body).headers, chunks })).status).toBe(200)
    expect(runs[0]?.event.payload).toEqual(JSON.parse(body))
  })

  it.each([
    undefined,
    'application/json; charset=utf-8',
    'text/plain',
    'application/x-www-form-urlencoded',
    'nonsense',
  ])('takes the content-type %s', async (type) => {
    const { send, runs } = await start()
    const { headers, body } = signed(messageReceived())
    const { 'content-type': _, ...others } = headers
    const answer = await send({ headers: { ...others, ...(type && { 'content-type': type }) }, body })
    expect(answer.status).toBe(200)
    expect(runs[0]?.event.type).toBe('message.received')
  })

  it('accepts content-encoding: identity', async () => {
    const { send } = await start()
    const { headers, body } = signed(messageReceived())
    expect((await send({ headers: { ...headers, 'content-encoding': 'identity' }, body })).status).toBe(200)
  })

  it('claims nothing for an upload that ends early, and handles the next attempt', async () => {
    const { url, send, reported, runs, outcomes } = await start()
    const { headers, body } = signed(messageReceived())
    await sendPart(url, headers, body, 40)
    await reported(1)
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'body_aborted' }])
    expect(runs).toHaveLength(0)
    expect((await send({ headers, body })).status).toBe(200)
    expect(runs).toHaveLength(1)
  })

  it('leaves the connection usable after a refusal', async () => {
    const { send } = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const body = messageReceived(freshId(), text('x'.repeat(100_000)))
    const { headers } = signed(body)
    const forged = { ...headers, 'x-signature': 'short' }
    expect((await send({ headers: forged, body, agent })).status).toBe(401)
    expect((await send({ headers, body, agent })).status).toBe(200)
  })
}
