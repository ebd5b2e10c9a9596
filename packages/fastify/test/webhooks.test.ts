import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { memoryStore, type Outcome, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fastify'
import { signedDelivery } from '@mailbox-hooks/testing'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyServerOptions, RouteHandler } from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { VERSIONS } from './versions.js'

const SECRET = 'openmail-webhook-secret'
const BODY = JSON.stringify({ event: 'test', event_id: 'evt_1' })
const WEBHOOK = { config: { webhook: true } } as const

const headers = (body = BODY, secret = SECRET) =>
  signedDelivery('openmail', 'message.received', { secret, body }).headers

const deliver = (app: FastifyInstance, url = '/webhooks', body = BODY) =>
  app.inject({ method: 'POST', url, headers: headers(body), payload: body })

function receiver(secret = SECRET) {
  const outcomes: Outcome[] = []
  const options: ReceiverOptions = {
    providers: [openMail({ secrets: [secret] })],
    store: memoryStore(),
    onOutcome: (outcome) => outcomes.push(outcome),
  }
  return { options, outcomes }
}

/** Delivers over a socket of its own, to be hung up. */
async function deliverBySocket(app: FastifyInstance): Promise<Socket> {
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const lines = Object.entries({ host: 'localhost', 'content-length': String(BODY.length), ...headers() })
  const head = ['POST /webhooks HTTP/1.1', ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(head + BODY)
  return socket
}

describe.each(VERSIONS)('$name', ({ fastify }) => {
  function application(options?: FastifyServerOptions): FastifyInstance {
    const app = fastify({ forceCloseConnections: true, ...options })
    onTestFinished(() => app.close())
    return app
  }

  it('touches no other route, wherever it is', async () => {
    const app = application({ bodyLimit: 100 })
    const echo = async (request: { body: unknown; webhook: unknown }) => ({
      body: request.body,
      webhook: request.webhook,
    })
    app.post('/before', echo)
    await app.register(webhooks, receiver().options)
    app.post('/webhooks', WEBHOOK, async () => ({}))
    app.post('/after', echo)
    app.register(async (scope) => scope.post('/scope', echo))
    for (const url of ['/before', '/after', '/scope']) {
      const answer = await app.inject({ method: 'POST', url, payload: { a: 1 } })
      expect(answer.json()).toEqual({ body: { a: 1 }, webhook: null })
      expect((await app.inject({ method: 'POST', url, payload: { a: 'x'.repeat(100) } })).statusCode).toBe(413)
    }
    expect((await deliver(app)).statusCode).toBe(200)
  })

  it("reads past Fastify's own limit, and past the parsers of other plugins", async () => {
    const app = application({ bodyLimit: 100 })
    await app.register(webhooks, receiver().options)
    app.addContentTypeParser(['application/json', 'text/plain'], { parseAs: 'string' }, () => {
      throw new Error('planted')
    })
    app.post('/webhooks', WEBHOOK, async ({ body, webhook }) => ({ body: body ?? 'none', id: webhook?.id }))
    const body = JSON.stringify({ event: 'test', event_id: 'evt_long', padding: 'x'.repeat(1000) })
    expect((await deliver(app, '/webhooks', body)).json()).toEqual({ body: 'none', id: 'openmail:evt_long' })
  })

  it('shows the handler and its hooks the headers as they came', async () => {
    const app = application()
    await app.register(webhooks, receiver().options)
    const seen: unknown[] = []
    const look = async ({
      headers: { 'content-type': type, 'content-length': length },
    }: {
      headers: Record<string, unknown>
    }) => {
      seen.push([type, length])
    }
    app.post('/webhooks', { ...WEBHOOK, onRequest: look, preValidation: look, preHandler: look }, look)
    await deliver(app)
    expect(seen).toEqual(Array(4).fill(['application/json', String(BODY.length)]))
  })

  it('receives on routes that were there before it, and on those of inner scopes', async () => {
    const app = application()
    const handler = async ({ webhook }: { webhook: { id: string } | null }) => ({ id: webhook?.id })
    // Not awaited: Fastify adds the routes first and runs the plugin when it gets ready.
    app.register(webhooks, receiver().options)
    app.post('/webhooks', WEBHOOK, handler)
    app.register(async (scope) => scope.post('/webhooks', WEBHOOK, handler), { prefix: '/scope' })
    expect((await deliver(app)).json()).toEqual({ id: 'openmail:evt_1' })
    expect((await deliver(app, '/scope/webhooks')).json()).toEqual({ received: true, duplicate: true })
    expect((await app.inject({ method: 'POST', url: '/webhooks', payload: {} })).statusCode).toBe(401)
  })

  it("lets each scope have its own, and an inner scope's hold there", async () => {
    const [outer, inner, beside] = [receiver('outer'), receiver('inner'), receiver('beside')]
    const app = application()
    const scope = (options: ReceiverOptions) => async (instance: FastifyInstance) => {
      await instance.register(webhooks, options)
      instance.post('/webhooks', WEBHOOK, async () => ({}))
    }
    app.register(scope(beside.options), { prefix: '/beside' })
    app.register(async (instance) => {
      await scope(outer.options)(instance)
      instance.register(scope(inner.options), { prefix: '/inner' })
    })
    const url = { outer: '/webhooks', inner: '/inner/webhooks', beside: '/beside/webhooks' }
    for (const secret of ['outer', 'inner', 'beside'] as const) {
      for (const place of ['outer', 'inner', 'beside'] as const) {
        const { statusCode } = await app.inject({
          method: 'POST',
          url: url[place],
          headers: headers(BODY, secret),
          payload: BODY,
        })
        expect([secret, place, statusCode]).toEqual([secret, place, secret === place ? 200 : 401])
      }
    }
    expect([outer, inner, beside].map(({ outcomes }) => outcomes.length)).toEqual([3, 3, 3])
  })

  it('cannot be registered twice in one scope', async () => {
    const app = application()
    await app.register(webhooks, receiver().options)
    await expect(async () => app.register(webhooks, receiver().options)).rejects.toThrow(
      /registered twice in one scope\. List all providers in one registration, or .* a scope of its own/,
    )
  })

  it('fails to register with options that cannot work', async () => {
    const app = application()
    await expect(async () => app.register(webhooks, { providers: [] })).rejects.toThrow(TypeError)
  })

  it('says how it is registered where it is called, or gets no options', async () => {
    // As it is done in other frameworks, where there are no types to say so.
    const called = webhooks as unknown as (options: object) => FastifyPluginAsync
    const HOW = 'register it with its options, app.register(webhooks, { providers: [...] }), and do not call it'
    await expect(async () => application().register(called(receiver().options))).rejects.toThrow(HOW)
    await expect(async () => application().register(webhooks as FastifyPluginAsync)).rejects.toThrow(HOW)
    await expect(async () => application().register(webhooks as FastifyPluginAsync, { prefix: '/' })).rejects.toThrow(
      HOW,
    )
    const app = application().post('/webhooks', webhooks as unknown as RouteHandler)
    expect((await deliver(app)).json().message).toContain(HOW)
  })

  it("leaves Fastify's own options of a registration to Fastify, and refuses those that nobody knows", async () => {
    const app = application()
    const { options } = receiver()
    await app.register(webhooks, { ...options, prefix: '/v1', logLevel: 'warn', logSerializers: {} })
    app.post('/webhooks', WEBHOOK, async () => ({}))
    expect((await deliver(app)).statusCode).toBe(200)
    const misspelt = { ...options, prefixes: '/v1' }
    await expect(async () => application().register(webhooks, misspelt)).rejects.toThrow('no option prefixes')
  })

  it('logs a refusal with its reason and nothing of the delivery', async () => {
    const lines: string[] = []
    const stream = { write: (line: string) => lines.push(line) }
    const app = application({ logger: { stream, level: 'warn' } })
    await app.register(webhooks, receiver().options)
    app.post('/webhooks', WEBHOOK, async () => ({}))
    const body = JSON.stringify({ event: 'message.received', event_id: 'evt_1', thread_id: 'planted' })
    expect((await deliver(app, '/webhooks', body)).statusCode).toBe(422)
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 40,
        reqId: expect.any(String),
        code: 'payload_invalid',
        issues: [{ path: 'inbox_id' }, { path: 'message' }],
        msg: expect.stringContaining('message.received'),
      },
    ])
    expect(lines.join()).not.toContain('planted')
  })

  it.each<[string, (reply: FastifyReply) => unknown]>([
    ['a reply that a callback sends later', (reply) => void setImmediate(() => reply.code(201).send('later'))],
    ['a reply that an async handler sends without returning it', async (reply) => void reply.code(201).send('later')],
    ['a reply that an async handler returns', async (reply) => reply.code(201).send('later')],
    [
      'a reply that an async handler waits for',
      async (reply) => {
        setImmediate(() => reply.code(201).send('later'))
        await reply
      },
    ],
  ])('settles by %s', async (_what, act) => {
    const { options, outcomes } = receiver()
    const app = application()
    await app.register(webhooks, options)
    app.post('/webhooks', WEBHOOK, (_request, reply) => act(reply))
    const answer = await deliver(app)
    expect([answer.statusCode, answer.body]).toEqual([201, 'later'])
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 201, settled: true }])
    expect((await deliver(app)).json()).toEqual({ received: true, duplicate: true })
  })

  it.each<[string, (reply: FastifyReply) => unknown]>([
    ['a second reply', (reply) => reply.code(500).type('text/html').header('x-second', 'yes').send('second')],
    [
      'a throw',
      () => {
        throw new Error('planted')
      },
    ],
    ['a rejection', () => Promise.reject(new Error('planted'))],
  ])('does not let %s after the reply replace it, neither head nor body', async (_what, act) => {
    const { options, outcomes } = receiver()
    const app = application()
    await app.register(webhooks, options)
    app.post('/webhooks', WEBHOOK, (_request, reply) => {
      reply.code(201).type('text/plain').header('set-cookie', 'a=1').send('first')
      return act(reply)
    })
    const answer = await deliver(app)
    expect([answer.statusCode, answer.body]).toEqual([201, 'first'])
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain', 'set-cookie': 'a=1' })
    expect(answer.headers).not.toHaveProperty('x-second')
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 201 }])
  })

  it('is silent about a reply that is sent without being returned', async () => {
    const lines: string[] = []
    const app = application({ logger: { stream: { write: (line: string) => lines.push(line) }, level: 'warn' } })
    await app.register(webhooks, receiver().options)
    app.post('/webhooks', WEBHOOK, async (_request, reply) => void reply.send('sent'))
    expect((await deliver(app)).body).toBe('sent')
    await new Promise((resolve) => setImmediate(resolve))
    expect(lines).toEqual([])
  })

  it('settles an async handler that ends with nothing as Fastify answers it: 200 and no body', async () => {
    const { options, outcomes } = receiver()
    const app = application()
    await app.register(webhooks, options)
    app.post('/webhooks', WEBHOOK, async () => {})
    const answer = await deliver(app)
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 200 }])
  })

  it("gives the event back by the status of the application's own error handler, and of a hook", async () => {
    const { options, outcomes } = receiver()
    const app = application()
    await app.register(webhooks, options)
    app.setErrorHandler((_error, _request, reply) => reply.code(409).send('mine'))
    app.post('/webhooks', WEBHOOK, () => {
      throw new Error('planted')
    })
    app.post(
      '/hook',
      { ...WEBHOOK, preHandler: async (_request, reply) => reply.code(403).send('no') },
      async () => 'not reached',
    )
    expect((await deliver(app)).body).toBe('mine')
    expect((await deliver(app, '/hook')).body).toBe('no')
    expect(outcomes).toMatchObject([
      { kind: 'failed', status: 409 },
      { kind: 'failed', status: 403 },
    ])
  })

  it('looks at the status that a Response brings with it', async () => {
    const { options, outcomes } = receiver()
    const app = application()
    await app.register(webhooks, options)
    app.post('/webhooks', WEBHOOK, async () => new Response('busy', { status: 503 }))
    expect((await deliver(app)).statusCode).toBe(503)
    expect(outcomes).toMatchObject([{ kind: 'failed', status: 503 }])
  })

  it('answers as Fastify does for a reply that cannot be sent', async () => {
    const app = application()
    await app.register(webhooks, receiver().options)
    app.post('/webhooks', WEBHOOK, async (_request, reply) => reply.header('x-bad', 'two\nlines').send('mine'))
    expect((await deliver(app)).json()).toMatchObject({ statusCode: 500, code: 'ERR_INVALID_CHAR' })
  })

  it.each<[string, () => unknown, { kind: string; status: number }]>([
    ['nothing', () => undefined, { kind: 'handled', status: 200 }],
    ['a value', () => ({ received: true }), { kind: 'handled', status: 200 }],
    ['a stream', () => Readable.from(['never ', 'arrives']), { kind: 'handled', status: 200 }],
    ['an error', () => Promise.reject(new Error('planted')), { kind: 'failed', status: 500 }],
  ])('settles a handler that ends with %s when its client has gone', async (_what, end, outcome) => {
    const { options, outcomes } = receiver()
    const app = application()
    await app.register(webhooks, options)
    const handler = new EventEmitter()
    app.post('/webhooks', WEBHOOK, async (request) => {
      handler.emit('entered', request.raw.socket)
      await once(handler, 'leave')
      return end()
    })
    const entered = once(handler, 'entered')
    const client = await deliverBySocket(app)
    const [socket] = await entered
    client.destroy()
    await once(socket, 'close')
    handler.emit('leave')
    await vi.waitFor(() => expect(outcomes).toMatchObject([outcome]))
  })

  it.each<[string, (reply: FastifyReply) => unknown]>([
    ['returns', (reply) => reply],
    ['awaits', async (reply) => void (await reply)],
  ])('waits for the reply of a handler that %s it when its client has gone', async (_what, end) => {
    const { options, outcomes } = receiver()
    const app = application()
    await app.register(webhooks, options)
    const handler = new EventEmitter()
    app.post('/webhooks', WEBHOOK, async (request, reply) => {
      once(handler, 'fail').then(() => reply.code(500).send('failed'))
      handler.emit('entered', request.raw.socket)
      return end(reply)
    })
    const entered = once(handler, 'entered')
    const client = await deliverBySocket(app)
    const [socket] = await entered
    client.destroy()
    await once(socket, 'close')
    expect((await deliver(app)).json()).toMatchObject({ error: 'in_flight' })
    handler.emit('fail')
    await vi.waitFor(() => expect(outcomes).toMatchObject([{ kind: 'in-flight' }, { kind: 'failed', status: 500 }]))
    const again = deliver(app)
    await once(handler, 'entered')
    handler.emit('fail')
    expect((await again).body).toBe('failed')
  })

  it('gives the event back, unhandled, when a time limit answers while it is claimed', async () => {
    const { options, outcomes } = receiver()
    const app = application()
    const limited = new EventEmitter()
    const { claim } = options.store!
    options.store!.claim = async (...args) => {
      limited.emit('claiming')
      await nextTurn()
      return claim.apply(options.store, args)
    }
    const handler = vi.fn()
    app.addHook('onRequest', async (_request, reply) => {
      limited.once('claiming', () => reply.code(503).send('too late'))
    })
    await app.register(webhooks, options)
    app.post('/webhooks', WEBHOOK, handler)
    expect((await deliver(app)).body).toBe('too late')
    await vi.waitFor(() => expect(outcomes).toMatchObject([{ kind: 'failed', status: 503, settled: true }]))
    expect(handler).not.toHaveBeenCalled()
  })

  it('answers with the headers that were set before, but for those that describe another body', async () => {
    const policy = { 'content-security-policy': "default-src 'none'", 'content-language': 'de' }
    const app = application()
    app.addHook('onRequest', async (_request, reply) => void reply.headers(policy))
    await app.register(webhooks, receiver().options)
    app.post('/webhooks', WEBHOOK, async () => ({}))
    const refused = await app.inject({ method: 'POST', url: '/webhooks' })
    expect(refused.statusCode).toBe(401)
    expect(refused.headers).toMatchObject({ 'content-security-policy': policy['content-security-policy'] })
    expect(refused.headers).not.toHaveProperty('content-language')
  })

  it('leaves a hijacked reply that is answered later to its own complete()', async () => {
    const { options } = receiver()
    const app = application()
    await app.register(webhooks, options)
    app.post('/webhooks', WEBHOOK, async (_request, reply) => {
      reply.hijack()
      setImmediate(() => reply.raw.end('mine'))
    })
    expect((await deliver(app)).body).toBe('mine')
    expect((await deliver(app)).statusCode).toBe(503)
  })

  it.each([true, false])('settles by the status of an answer given past Fastify, hijacked: %s', async (isHijacked) => {
    const { options, outcomes } = receiver()
    const app = application()
    await app.register(webhooks, options)
    let status = 500
    app.post('/webhooks', WEBHOOK, async (_request, reply) => {
      if (isHijacked) reply.hijack()
      reply.raw.writeHead(status).end('mine')
      status = 200
    })
    expect((await deliver(app)).statusCode).toBe(500)
    expect((await deliver(app)).body).toBe('mine')
    expect((await deliver(app)).json()).toEqual({ received: true, duplicate: true })
    expect(outcomes).toMatchObject([{ kind: 'failed', status: 500 }, { kind: 'handled', status: 200 }, {}])
  })
})
