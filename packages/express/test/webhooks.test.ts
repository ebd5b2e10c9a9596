import { coldMailReseller, memoryStore } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import supertest from 'supertest'
import { describe, expect, it, vi } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { BODY, deliver, headers, receiver } from './receiver.js'
import { VERSIONS } from './versions.js'

describe.each(titled(VERSIONS, 'name'))('%s', ({ express }) => {
  it('says whether its store answers, and when no handler runs any more', async () => {
    const { receive } = receiver()
    expect(await receive.health()).toMatchObject({ ok: true, store: { ok: true } })
    const ends: (() => void)[] = []
    const app = express().post('/webhooks', receive, (_req: unknown, res: { end(): void }) =>
      ends.push(() => res.end()),
    )
    const answer = deliver(app).then(({ status }) => status)
    await vi.waitFor(() => expect(ends).toHaveLength(1))
    let isIdle = false
    const idle = receive.idle().then(() => (isIdle = true))
    await new Promise(setImmediate)
    expect(isIdle).toBe(false)
    ends[0]!()
    await idle
    expect(await answer).toBe(200)
  })

  it('behind express.json() answers 500, and tells the operator what to change', async () => {
    const { receive, outcomes } = receiver()
    const handler = vi.fn()
    const app = express().use(express.json()).post('/webhooks', receive, handler)
    const answer = await deliver(app)
    expect(answer.status).toBe(500)
    expect(answer.body).toEqual({ received: false, error: 'body_already_read' })
    expect(outcomes[0]?.message).toMatch(/before any body parser.*express\.json\(\{ verify:/)
    expect(handler).not.toHaveBeenCalled()
  })

  it('behind express.json() uses the bytes that its verify hook keeps', async () => {
    const { receive } = receiver()
    const keep = (req: object, _res: unknown, buffer: Buffer) => Object.assign(req, { rawBody: buffer })
    const app = express().use(express.json({ verify: keep }))
    app.post('/webhooks', receive, (req, res) => {
      res.json(receive.delivery(req).id)
    })
    expect((await deliver(app)).body).toBe('openmail:evt_1')
  })

  it('takes kept bytes that are fewer than announced for an upload that was cut off', async () => {
    const { receive, outcomes } = receiver()
    const keep = (req: object, _res: unknown, buffer: Buffer) =>
      Object.assign(req, { rawBody: buffer.subarray(0, buffer.length - 1) })
    const app = express()
      .use(express.json({ verify: keep }))
      .post('/webhooks', receive)
    const answer = await deliver(app)
    expect([answer.status, answer.body]).toEqual([400, { received: false, error: 'body_aborted' }])
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'body_aborted' }])
  })

  it('takes no application for Fastify because a logger is on its requests', async () => {
    const { receive } = receiver()
    const app = express().use((req, res, next) => {
      // As pino-http does it.
      Object.assign(req, { id: 1, log: console, originalUrl: req.url })
      Object.assign(res, { log: console })
      next()
    })
    app.post('/webhooks', receive, (_req, res) => void res.json({}))
    expect((await deliver(app)).status).toBe(200)
  })

  it('tells the operator that it is mounted twice, and releases the event', async () => {
    const { receive, outcomes } = receiver()
    const handler = vi.fn()
    const answer = await deliver(express().use(receive).post('/webhooks', receive, handler))
    expect(answer.body).toEqual({ received: false, error: 'body_already_read' })
    expect(outcomes).toMatchObject([
      { kind: 'rejected', code: 'body_already_read', message: expect.stringContaining('mounted twice') },
      { kind: 'failed', status: 500 },
    ])
    expect(handler).not.toHaveBeenCalled()
  })

  it('mounted twice behind kept bytes meets its own claim', async () => {
    const { receive, outcomes } = receiver()
    const keep = (req: object, _res: unknown, buffer: Buffer) => Object.assign(req, { rawBody: buffer })
    const app = express()
      .use(express.json({ verify: keep }), receive)
      .post('/webhooks', receive)
    expect((await deliver(app)).status).toBe(503)
    expect(outcomes).toMatchObject([{ kind: 'in-flight' }, { kind: 'failed', status: 503 }])
  })

  it('leaves other routes their parsers', async () => {
    const { receive } = receiver()
    const app = express()
    app.post('/webhooks', receive, (_req, res) => {
      res.json({})
    })
    app.use(express.json())
    app.post('/other', (req, res) => {
      res.json({ body: req.body, webhook: req.webhook ?? 'none' })
    })
    expect((await deliver(app)).status).toBe(200)
    expect((await supertest(app).post('/other').send({ a: 1 })).body).toEqual({ body: { a: 1 }, webhook: 'none' })
  })

  it('works in front of a body parser that other routes need, too', async () => {
    const { receive } = receiver()
    const app = express()
    app.use('/webhooks', receive)
    app.use(express.json())
    app.post('/webhooks', (req, res) => {
      res.json({ id: receive.delivery(req).id })
    })
    expect((await deliver(app)).body).toEqual({ id: 'openmail:evt_1' })
  })

  it('answers with the headers that were set before, but for those that describe another body', async () => {
    const policy = { 'content-security-policy': "default-src 'none'", 'content-language': 'de' }
    const { receive } = receiver()
    const app = express()
      .use((_req, res, next) => {
        res.set(policy)
        next()
      })
      .use(receive)
    const refused = await supertest(app).post('/webhooks')
    expect(refused.status).toBe(401)
    expect(refused.headers).toMatchObject({ 'content-security-policy': policy['content-security-policy'] })
    expect(refused.headers).not.toHaveProperty('content-language')
  })

  it('attaches the delivery as req.webhook, and gives it exactly typed by receive.delivery(req)', async () => {
    const { receive } = receiver()
    const app = express().post('/webhooks', receive, (req, res) => {
      res.json({ same: req.webhook === receive.delivery(req), id: req.webhook?.id })
    })
    expect((await deliver(app)).body).toEqual({ same: true, id: 'openmail:evt_1' })
  })

  it('says what is missing where the middleware is', async () => {
    const { receive } = receiver()
    const app = express().post('/webhooks', (req, res) => {
      expect(() => receive.delivery(req)).toThrow('app.post(path, receive, handler)')
      res.json({})
    })
    expect((await deliver(app)).status).toBe(200)
  })
})

describe('two receivers in one application', () => {
  it('keep their own providers', async () => {
    const { receive: mails } = receiver()
    const orders = webhooks({ providers: [coldMailReseller({ secrets: ['other'] })], store: memoryStore() })
    const { express } = VERSIONS[1]!
    const app = express()
    app.post('/webhooks', mails, (req, res) => {
      expect(() => orders.delivery(req)).toThrow()
      res.json(mails.delivery(req).provider)
    })
    app.post('/orders', orders, (_req, res) => {
      res.json('not reached')
    })
    expect((await supertest(app).post('/webhooks').set(headers()).send(BODY)).body).toBe('openmail')
    expect((await supertest(app).post('/orders').set(headers()).send(BODY)).status).toBe(401)
  })
})
