import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type DedupStore, memoryStore } from '@mailbox-hooks/core'
import { serve } from '@mailbox-hooks/testing/suites'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import supertest from 'supertest'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { BODY, deliver, headers, receiver } from './receiver.js'
import { VERSIONS } from './versions.js'

/** A memory store in whose database no transaction is ever committed. */
function uncommittedStore(): DedupStore {
  const store = memoryStore()
  const complete = store.complete.bind(store)
  return Object.assign(store, {
    complete: async (...[key, token, ms, options]: Parameters<DedupStore['complete']>) =>
      options?.within === undefined ? complete(key, token, ms) : true,
    isDone: async () => false,
  })
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

describe.each(titled(VERSIONS, 'name'))('%s', ({ express }) => {
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

  it("releases the event by the status of the application's error handler", async () => {
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

  // The client must not take it for a good answer: the event is handled again.
  it('cuts off an answer that was begun, if the mark of its event was not committed', async () => {
    const { receive, outcomes } = receiver(uncommittedStore())
    const app = express()
    app.post('/webhooks', receive, async (req: Request, res: Response) => {
      res.write('half')
      await receive.delivery(req).complete({ within: {} })
      res.end()
    })
    await expect(deliver(app)).rejects.toThrow(/aborted|socket hang up|ECONNRESET/)
    await expect(deliver(app)).rejects.toThrow(/aborted|socket hang up|ECONNRESET/)
    expect(outcomes).toMatchObject([
      { kind: 'failed', code: 'mark_not_committed' },
      { kind: 'failed', code: 'mark_not_committed' },
    ])
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

  it('releases the event without a run when a time limit answers during the claim', async () => {
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
