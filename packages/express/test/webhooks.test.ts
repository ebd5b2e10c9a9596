import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { coldMailReseller, type DedupStore, memoryStore, type Outcome, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { signedDelivery } from '@mailbox-hooks/testing'
import { serve } from '@mailbox-hooks/testing/suites'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import supertest from 'supertest'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { VERSIONS } from './versions.js'

const SECRET = 'openmail-webhook-secret'
const BODY = JSON.stringify({ event: 'test', event_id: 'evt_1' })

const headers = (body = BODY) => signedDelivery('openmail', 'message.received', { secret: SECRET, body }).headers

function receiver(store: DedupStore = memoryStore()) {
  const outcomes: Outcome[] = []
  const receive = webhooks({
    providers: [openMail({ secrets: [SECRET] })],
    store,
    maxHandlerMs: 5_000,
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  return { receive, outcomes }
}

/** A memory store that takes its time to complete, and tells when it has claimed. */
function slowStore() {
  const store = memoryStore()
  const slow = {
    onClaim: (): unknown => undefined,
    claim: async (...args: Parameters<DedupStore['claim']>) => {
      const claim = await store.claim(...args)
      slow.onClaim()
      return claim
    },
    complete: async (...args: Parameters<DedupStore['complete']>) => {
      for (let turn = 0; turn < 10; turn++) await nextTurn()
      return store.complete(...args)
    },
    release: store.release.bind(store),
    extend: store.extend.bind(store),
  }
  return slow
}

describe.each(VERSIONS)('$name', ({ express }) => {
  const deliver = (app: Parameters<typeof supertest>[0]) => supertest(app).post('/webhooks').set(headers()).send(BODY)

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

  it('mounted twice on one request tells the operator so, and gives the event back', async () => {
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

  it.each<[string, (res: Response, next: NextFunction) => void]>([
    ['a second answer', (res) => res.status(500).set('x-second', 'yes').json({ second: true })],
    ['an error', (_res, next) => next(new Error('planted'))],
    [
      'a throw',
      () => {
        throw new Error('planted')
      },
    ],
    ['a write', (res) => void res.write('more')],
    ['a head', (res) => res.writeHead(500, { 'x-second': 'yes' }).end()],
    ['a redirection', (res) => res.redirect('/elsewhere')],
  ])('does not let %s after the answer replace it', async (_what, act) => {
    const { receive, outcomes } = receiver()
    const app = express().set('env', 'test')
    app.post('/webhooks', receive, (_req: Request, res: Response, next: NextFunction) => {
      res.set('x-first', 'yes').status(201).json({ first: true })
      act(res, next)
    })
    const answer = await deliver(app)
    expect([answer.status, answer.body]).toEqual([201, { first: true }])
    expect(answer.headers).toMatchObject({ 'x-first': 'yes' })
    expect(answer.headers).not.toHaveProperty('x-second')
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 201 }])
    expect((await deliver(app)).body).toEqual({ received: true, duplicate: true })
  })

  it.each<[string, (res: Response) => unknown]>([
    ['an answer', (res) => res.status(500).set('x-second', 'yes').json({ second: 'and longer than the first' })],
    ['a write', (res) => res.write('more')],
  ])('does not let %s of the application around it replace that of a mounted one', async (_what, act) => {
    const { receive, outcomes } = receiver(slowStore())
    const mounted = express().set('env', 'test')
    mounted.use(receive, (_req: Request, res: Response) => {
      res.status(201).json({ first: true })
      throw new Error('planted')
    })
    const app = express().use('/webhooks', mounted)
    app.use((_error: Error, _req: Request, res: Response, _next: NextFunction) => {
      act(res)
    })
    const answer = await deliver(app)
    expect([answer.status, answer.body]).toEqual([201, { first: true }])
    expect(answer.headers).not.toHaveProperty('x-second')
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 201 }])
  })

  it("gives the event back by the application's own error handler's status", async () => {
    const { receive, outcomes } = receiver()
    const app = express().post('/webhooks', receive, (_req, _res, next) => next(new Error('planted')))
    app.use((_error: Error, _req: Request, res: Response, _next: NextFunction) => {
      res.status(409).json({ mine: true })
    })
    expect((await deliver(app)).body).toEqual({ mine: true })
    expect(outcomes).toMatchObject([{ kind: 'failed', status: 409 }])
  })

  it('works with middleware that wraps the response, before and after it', async () => {
    const { receive } = receiver()
    const heads: string[] = []
    const wrap = (name: string) => (_req: Request, res: Response, next: NextFunction) => {
      const { end } = res
      res.end = ((...args: Parameters<typeof end>) => {
        heads.push(`${name} ${res.statusCode}`)
        return end.apply(res, args)
      }) as typeof end
      next()
    }
    const app = express().post('/webhooks', wrap('outer'), receive, wrap('inner'), (_req: Request, res: Response) => {
      res.status(202).json({})
    })
    expect((await deliver(app)).status).toBe(202)
    expect(heads).toEqual(['inner 202', 'outer 202'])
  })

  it.each([
    ['its own answers', BODY.replace('{', '{ ')],
    ["the handler's", BODY],
  ])('lets who wraps the end of a response set a header: %s', async (_whose, body) => {
    const { receive } = receiver()
    const app = express()
    app.use((_req: Request, res: Response, next: NextFunction) => {
      const { end } = res
      res.end = ((...args: Parameters<typeof end>) => end.apply(res.set('x-late', 'yes'), args)) as typeof end
      next()
    })
    app.post('/webhooks', receive, (_req: Request, res: Response) => {
      res.json({})
    })
    const answer = await supertest(app).post('/webhooks').set(headers()).send(body)
    expect(answer.status).toBe(body === BODY ? 200 : 401)
    expect(answer.headers).toMatchObject({ 'x-late': 'yes' })
  })

  it('cuts the connection of a refusal that cannot be sent, and harms nothing else', async () => {
    const { receive } = receiver()
    const app = express()
    app.use((_req: Request, res: Response, next: NextFunction) => {
      res.end = () => {
        throw new Error('planted')
      }
      next()
    })
    app.post('/webhooks', receive)
    await expect(supertest(app).post('/webhooks').send('forged')).rejects.toThrow('socket hang up')
  })

  it('cuts the connection of an answer that cannot be sent, and harms nothing else', async () => {
    const { receive } = receiver()
    const app = express().post('/webhooks', receive, (_req, res) => {
      res.end(7)
    })
    await expect(deliver(app)).rejects.toThrow()
  })

  it('leaves the answer to a time limit that was faster', async () => {
    const { receive, outcomes } = receiver()
    const app = express().post(
      '/webhooks',
      (_req: Request, res: Response, next: NextFunction) => {
        res.status(408).end()
        next()
      },
      receive,
    )
    const answer = await supertest(app).post('/webhooks').send(BODY)
    expect(answer.status).toBe(408)
    await vi.waitFor(() => expect(outcomes).toMatchObject([{ kind: 'rejected' }]))
  })

  it('gives the event back, unhandled, when a time limit answers while it is claimed', async () => {
    const store = slowStore()
    const { receive, outcomes } = receiver(store)
    const app = express()
    let runs = 0
    const limit: RequestHandler = (_req, res, next) => {
      store.onClaim = () => {
        res.status(503).end()
      }
      next()
    }
    app.post('/webhooks', limit, receive, (_req: Request, res: Response) => {
      runs += 1
      res.json({})
    })
    expect((await deliver(app)).status).toBe(503)
    await vi.waitFor(() => expect(outcomes).toMatchObject([{ kind: 'failed', status: 503, settled: true }]))
    expect(runs).toBe(0)
  })

  it('calls back when the answer is out', async () => {
    const { receive } = receiver()
    const app = express()
    const flushed = new Promise((resolve) => {
      app.post('/webhooks', receive, (_req, res) => {
        res.end('done', () => resolve(true))
      })
    })
    expect((await deliver(app)).text).toBe('done')
    expect(await flushed).toBe(true)
  })

  it('leaves a stream to a client that has gone to its lease', async () => {
    const { receive, outcomes } = receiver()
    const app = express()
    const entered = new Promise<void>((resolve) => {
      app.post('/webhooks', receive, (req, res) => {
        req.socket.once('close', () => {
          Readable.from(['never', 'arrives']).pipe(res)
          resolve()
        })
        res.write('head')
      })
    })
    const { url, close } = await serve(app)
    onTestFinished(close)
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      const lines = Object.entries(headers()).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.write(
        `POST /webhooks HTTP/1.1\r\nhost: x\r\ncontent-length: ${BODY.length}\r\n${lines.join('')}\r\n${BODY}`,
      )
    })
    socket.once('data', () => socket.destroy())
    await entered
    expect(outcomes).toEqual([])
    const again = await supertest(url).post('').set(headers()).send(BODY)
    expect(again.status).toBe(503)
  })
})

describe('an Express 4 handler whose promise rejects', () => {
  it('answers nothing, so that its event waits for maxHandlerMs and is handled then', async () => {
    const receive = webhooks({
      providers: [openMail({ secrets: [SECRET] })],
      store: memoryStore(),
      maxHandlerMs: 1_000,
    })
    const rejections: unknown[] = []
    let runs = 0
    const { express } = VERSIONS[0]!
    const app = express().post('/webhooks', receive, (_req, res) => {
      const work = async () => {
        runs += 1
        if (runs === 1) throw new Error('planted')
        res.json({})
      }
      // What Express 4 does with the promise of an async handler: nothing.
      work().catch((error: unknown) => rejections.push(error))
    })
    const { url, close } = await serve(app)
    onTestFinished(close)
    const client = new AbortController()
    const first = fetch(url, { method: 'POST', headers: headers(), body: BODY, signal: client.signal })
    await vi.waitFor(() => expect(rejections).toHaveLength(1))
    expect((await fetch(url, { method: 'POST', headers: headers(), body: BODY })).status).toBe(503)
    await vi.waitFor(
      async () => {
        expect((await fetch(url, { method: 'POST', headers: headers(), body: BODY })).status).toBe(200)
      },
      { timeout: 5_000 },
    )
    expect(runs).toBe(2)
    client.abort()
    await expect(first).rejects.toThrow()
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
