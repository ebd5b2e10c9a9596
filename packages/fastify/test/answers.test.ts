import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { webhooks } from '@mailbox-hooks/fastify'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { describe, expect, it, vi } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { applicationsOf, BODY, deliver, headers, receiver, WEBHOOK } from './application.js'
import { VERSIONS } from './versions.js'

/** Delivers over a socket of its own, to be hung up. */
async function deliverBySocket(app: FastifyInstance): Promise<Socket> {
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const lines = Object.entries({ host: 'localhost', 'content-length': String(BODY.length), ...headers() })
  const head = ['POST /webhooks HTTP/1.1', ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(head + BODY)
  return socket
}

describe.each(titled(VERSIONS, 'name'))('%s', ({ fastify }) => {
  const application = applicationsOf(fastify)

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

  it("releases the event by the status of the application's error handler, and of a hook", async () => {
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

  it('releases the event without a run when a time limit answers during the claim', async () => {
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
