import { logOutcomes, type ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fastify'
import type { FastifyInstance, FastifyPluginAsync, RouteHandler } from 'fastify'
import { describe, expect, it, vi } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { applicationsOf, BODY, deliver, headers, receiver, WEBHOOK } from './application.js'
import { VERSIONS } from './versions.js'

type LogOutcomes = ReturnType<typeof logOutcomes>

describe.each(titled(VERSIONS, 'name'))('%s', ({ fastify }) => {
  const application = applicationsOf(fastify)

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

  it('says whether its store answers, and when no handler runs any more', async () => {
    const app = application()
    await app.register(webhooks, receiver().options)
    const ends: (() => void)[] = []
    app.post('/webhooks', WEBHOOK, () => new Promise((resolve) => ends.push(() => resolve({}))))
    await app.ready()
    expect(await app.webhooks.health()).toMatchObject({ ok: true, store: { ok: true } })
    const answer = deliver(app).then(({ statusCode }) => statusCode)
    await vi.waitFor(() => expect(ends).toHaveLength(1))
    let isIdle = false
    const idle = app.webhooks.idle().then(() => (isIdle = true))
    await new Promise(setImmediate)
    expect(isIdle).toBe(false)
    ends[0]!()
    await idle
    expect(await answer).toBe(200)
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
      /registered twice in one scope\. List all providers in one registration, or .* its own scope/,
    )
  })

  it('fails to register with options that cannot work', async () => {
    const app = application()
    await expect(async () => app.register(webhooks, { providers: [] })).rejects.toThrow(TypeError)
  })

  it('says how it is registered where it is called, or gets no options', async () => {
    // As it is done in other frameworks, where there are no types to say so.
    const called = webhooks as unknown as (options: object) => FastifyPluginAsync
    const HOW = 'register it with its options, app.register(webhooks, { providers: [...] }), instead of calling it'
    await expect(async () => application().register(called(receiver().options))).rejects.toThrow(HOW)
    await expect(async () => application().register(webhooks as FastifyPluginAsync)).rejects.toThrow(HOW)
    await expect(async () => application().register(webhooks as FastifyPluginAsync, { prefix: '/' })).rejects.toThrow(
      HOW,
    )
    const app = application().post('/webhooks', webhooks as unknown as RouteHandler)
    expect((await deliver(app)).json().message).toContain(HOW)
  })

  it("ignores Fastify's own options of a registration, and refuses unknown ones", async () => {
    const app = application()
    const { options } = receiver()
    await app.register(webhooks, { ...options, prefix: '/v1', logLevel: 'warn', logSerializers: {} })
    app.post('/webhooks', WEBHOOK, async () => ({}))
    expect((await deliver(app)).statusCode).toBe(200)
    const misspelt = { ...options, prefixes: '/v1' }
    await expect(async () => application().register(webhooks, misspelt)).rejects.toThrow('no option prefixes')
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

  it.each(
    titled(
      [
        { what: 'logOutcomes', wrap: (log: LogOutcomes) => log },
        {
          what: 'a listener around logOutcomes',
          wrap:
            (log: LogOutcomes): LogOutcomes =>
            (outcome) =>
              log(outcome),
        },
      ],
      'what',
    ),
  )('logs a refusal once with %s', async ({ wrap }) => {
    const lines: string[] = []
    const app = application({ logger: { stream: { write: (line: string) => lines.push(line) }, level: 'warn' } })
    await app.register(webhooks, { ...receiver().options, onOutcome: wrap(logOutcomes(app.log)) })
    app.post('/webhooks', WEBHOOK, async () => ({}))
    await app.inject({ method: 'POST', url: '/webhooks', payload: {} })
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'webhook rejected', code: 'provider_unknown' }])
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
})
