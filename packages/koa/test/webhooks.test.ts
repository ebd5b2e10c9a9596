import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import { coldMailReseller, type DedupStore, memoryStore, type Outcome, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/koa'
import { signedDelivery } from '@mailbox-hooks/testing'
import type Application from 'koa'
import type { Context, Next } from 'koa'
import supertest from 'supertest'
import { describe, expect, it, vi } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { VERSIONS } from './versions.js'

const SECRET = 'openmail-webhook-secret'
const BODY = JSON.stringify({ event: 'test', event_id: 'evt_1' })

const headers = () => signedDelivery('openmail', 'message.received', { secret: SECRET, body: BODY }).headers

function failWith(status: number): never {
  throw Object.assign(new Error('planted'), { status })
}

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

function receiver(store: DedupStore = memoryStore()) {
  const outcomes: Outcome[] = []
  const receive = webhooks({
    providers: [openMail({ secrets: [SECRET] })],
    store,
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  return { receive, outcomes }
}

describe.each(titled(VERSIONS, 'name'))('%s', ({ Koa }) => {
  /** Without the default error handler's printing. */
  const application = () => Object.assign(new Koa(), { silent: true })

  const deliver = (app: Pick<Application, 'callback'>) =>
    supertest(app.callback()).post('/webhooks').set(headers()).send(BODY)

  it('takes a handler that sets neither status nor body for one that has handled the event', async () => {
    const { receive, outcomes } = receiver()
    const app = application().use(receive)
    const answer = await deliver(app)
    expect([answer.status, answer.text]).toEqual([200, '{"received":true}'])
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 200 }])
    expect((await deliver(app)).body).toEqual({ received: true, duplicate: true })
  })

  it.each<[string, number, (ctx: Context) => void]>([
    ['only a status of 404', 404, (ctx) => (ctx.response.status = 404)],
    ['only a status of 500', 500, (ctx) => (ctx.response.status = 500)],
    ['an error of its own', 409, (ctx) => ctx.throw(409)],
    ['an error with a status of 400', 400, () => failWith(400)],
    ['an error with a status that is none', 500, () => failWith(999)],
    ['an error with a status that is a text', 500, () => failWith('404' as never)],
    ['a status past Koa', 500, (ctx) => void Object.assign(ctx.res, { statusCode: 500 })],
    ['an error that has the status of a good answer', 500, () => failWith(200)],
    ['a redirection', 302, (ctx) => ctx.redirect('/elsewhere')],
  ])('gives the event back when the handler answers with %s', async (_what, status, act) => {
    const { receive, outcomes } = receiver()
    const app = application().use(receive).use(act)
    expect((await deliver(app)).status).toBe(status)
    expect((await deliver(app)).status).toBe(status)
    expect(outcomes).toMatchObject([
      { kind: 'failed', status },
      { kind: 'failed', status },
    ])
  })

  it('reports an error that has the status of a good answer as what it is, and the error as its cause', async () => {
    const { receive } = receiver()
    const app = application()
      .use(receive)
      .use(() => failWith(200))
    const errors: unknown[] = []
    app.on('error', (error) => errors.push(error))
    expect((await deliver(app)).status).toBe(500)
    expect(errors).toMatchObject([{ message: 'The handler failed.', cause: { message: 'planted', status: 200 } }])
  })

  // The client must not take it for a good answer: the event is handled again.
  it('cuts off an answer that was begun, if the mark of its event was not committed', async () => {
    const { receive, outcomes } = receiver(uncommittedStore())
    const app = application().use(receive)
    app.use(async (ctx) => {
      ctx.respond = false
      ctx.status = 200
      ctx.res.write('half')
      await receive.delivery(ctx).complete({ within: {} })
    })
    await expect(deliver(app)).rejects.toThrow(/aborted|socket hang up|ECONNRESET/)
    expect(outcomes).toMatchObject([{ kind: 'failed', code: 'mark_not_committed' }])
  })

  it('replaces an answer that was not begun, if the mark of its event was not committed', async () => {
    const { receive, outcomes } = receiver(uncommittedStore())
    const app = application().use(receive)
    app.use(async (ctx) => {
      ctx.body = { good: true }
      await receive.delivery(ctx).complete({ within: {} })
    })
    const answer = await deliver(app)
    expect([answer.status, answer.body]).toEqual([503, { received: false, error: 'mark_not_committed' }])
    expect(outcomes).toMatchObject([{ kind: 'failed', status: 503, code: 'mark_not_committed' }])
  })

  it('releases the event when the handler throws, even if the error is handled later', async () => {
    const { receive, outcomes } = receiver()
    const caught: unknown[] = []
    const app = application()
    app.use(async (ctx, next) => {
      await next().catch((error: unknown) => caught.push(error))
      ctx.body = 'sorry'
    })
    app.use(receive).use(() => {
      throw new Error('planted')
    })
    expect((await deliver(app)).text).toBe('sorry')
    expect(caught).toMatchObject([{ message: 'planted' }])
    expect(outcomes).toMatchObject([{ kind: 'failed', status: 500 }])
  })

  it('sends an empty answer unchanged', async () => {
    const { receive } = receiver()
    const app = application()
      .use(receive)
      .use((ctx) => {
        ctx.body = null
      })
    const answer = await deliver(app)
    expect([answer.status, answer.text]).toEqual([204, ''])
  })

  it('leaves an answer that the handler gives past Koa, later, to its own complete()', async () => {
    const { receive } = receiver()
    const app = application()
      .use(receive)
      .use((ctx) => {
        ctx.respond = false
        // Once the middleware has returned.
        setImmediate(() => ctx.res.writeHead(202).end('later'))
      })
    expect((await deliver(app)).text).toBe('later')
    await receive.idle()
    expect((await deliver(app)).status).toBe(503)
  })

  it('settles by the status of an answer that the handler has given past Koa', async () => {
    const { receive, outcomes } = receiver()
    const app = application()
      .use(receive)
      .use((ctx) => {
        ctx.respond = false
        ctx.res.writeHead(202).end('done')
      })
    expect((await deliver(app)).text).toBe('done')
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 202 }])
  })

  it('releases the event without a run when a time limit answers during the claim', async () => {
    const { receive, outcomes } = receiver()
    const handler = vi.fn()
    const app = application().use(async (ctx, next) => {
      const received = next()
      ctx.status = 503
      ctx.res.writeHead(503).end('too late')
      ctx.respond = false
      await received
    })
    app.use(receive).use(handler)
    expect((await deliver(app)).text).toBe('too late')
    await vi.waitFor(() => expect(outcomes).toMatchObject([{ kind: 'failed', status: 503, settled: true }]))
    expect(handler).not.toHaveBeenCalled()
  })

  it('says whether its store answers, and when no handler runs any more', async () => {
    const { receive } = receiver()
    expect(await receive.health()).toMatchObject({ ok: true, store: { ok: true } })
    const ends: (() => void)[] = []
    const app = application()
      .use(receive)
      .use(() => new Promise<void>((resolve) => ends.push(resolve)))
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

  it('works on a route of @koa/router, before the parsers of the others', async () => {
    const { receive } = receiver()
    const router = new Router()
    router.post('/webhooks', receive, (ctx) => {
      ctx.body = { same: ctx.state.webhook === receive.delivery(ctx), id: ctx.state.webhook.id }
    })
    router.post('/other', bodyParser(), (ctx) => {
      ctx.body = { body: ctx.request.body, webhook: 'webhook' in ctx.state }
    })
    const app = application().use(router.routes()).use(router.allowedMethods())
    expect((await deliver(app)).body).toEqual({ same: true, id: 'openmail:evt_1' })
    const other = await supertest(app.callback()).post('/other').send({ a: 1 })
    expect(other.body).toEqual({ body: { a: 1 }, webhook: false })
    expect((await supertest(app.callback()).get('/webhooks')).status).toBe(405)
  })

  it('tells the operator that it is mounted twice, and releases the event', async () => {
    const { receive, outcomes } = receiver()
    const handler = vi.fn()
    const answer = await deliver(application().use(receive).use(receive).use(handler))
    expect(answer.body).toEqual({ received: false, error: 'body_already_read' })
    expect(outcomes).toMatchObject([
      { kind: 'rejected', code: 'body_already_read', message: expect.stringContaining('mounted twice') },
      { kind: 'failed', status: 500 },
    ])
    expect(handler).not.toHaveBeenCalled()
  })

  it('works on a path of a bare application', async () => {
    const { receive } = receiver()
    const app = application()
    app.use((ctx, next) => (ctx.path === '/webhooks' ? receive(ctx, next) : next()))
    app.use((ctx) => {
      ctx.body = ctx.state.webhook?.id ?? 'none'
    })
    expect((await deliver(app)).text).toBe('openmail:evt_1')
    expect((await supertest(app.callback()).post('/other')).text).toBe('none')
    expect((await supertest(app.callback()).get('/webhooks')).body).toEqual({
      received: false,
      error: 'method_not_allowed',
    })
  })

  it('behind a body parser answers 500, and tells the operator what to change', async () => {
    const { receive, outcomes } = receiver()
    const handler = vi.fn()
    const answer = await deliver(application().use(bodyParser()).use(receive).use(handler))
    expect([answer.status, answer.body]).toEqual([500, { received: false, error: 'body_already_read' }])
    expect(outcomes[0]?.message).toMatch(/before any body parser.*@koa\/bodyparser/)
    expect(handler).not.toHaveBeenCalled()
  })

  it('works in front of a body parser that other routes need, too', async () => {
    const { receive } = receiver()
    const app = application()
    app.use((ctx, next) => (ctx.path === '/webhooks' ? receive(ctx, next) : next()))
    app.use(bodyParser()).use((ctx) => {
      ctx.body = { id: ctx.state.webhook.id }
    })
    expect((await deliver(app)).body).toEqual({ id: 'openmail:evt_1' })
  })

  it('works behind a body parser that skips its path', async () => {
    const { receive } = receiver()
    const app = application()
    app.use((ctx: Context, next: Next) => {
      ctx.disableBodyParser = ctx.path === '/webhooks'
      return next()
    })
    app.use(bodyParser()).use(receive)
    expect((await deliver(app)).status).toBe(200)
  })

  it('answers with the headers that were set before, but for those that describe another body', async () => {
    const policy = { 'content-security-policy': "default-src 'none'", 'content-language': 'de' }
    const { receive } = receiver()
    const app = application()
    app
      .use((ctx: Context, next: Next) => {
        ctx.set(policy)
        return next()
      })
      .use(receive)
    const refused = await supertest(app.callback()).post('/webhooks')
    expect(refused.status).toBe(401)
    expect(refused.headers).toMatchObject({ 'content-security-policy': policy['content-security-policy'] })
    expect(refused.headers).not.toHaveProperty('content-language')
  })

  it('says what is missing where the middleware is', async () => {
    const { receive } = receiver()
    const app = application().use((ctx) => {
      expect(() => receive.delivery(ctx)).toThrow('router.post(path, receive, handler)')
      expect(() => receive.delivery({})).toThrow('router.post(path, receive, handler)')
      ctx.body = 'checked'
    })
    expect((await deliver(app)).text).toBe('checked')
  })

  it('lets two receivers in one application keep their own providers', async () => {
    const { receive: mails } = receiver()
    const orders = webhooks({ providers: [coldMailReseller({ secrets: ['other'] })], store: memoryStore() })
    const router = new Router()
    router.post('/webhooks', mails, (ctx) => {
      expect(() => orders.delivery(ctx)).toThrow()
    })
    router.post('/orders', orders)
    const app = application().use(router.routes())
    expect((await deliver(app)).status).toBe(200)
    expect((await supertest(app.callback()).post('/orders').set(headers()).send(BODY)).status).toBe(401)
  })
})
