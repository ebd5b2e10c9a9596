import type { FastifyInstance, RouteShorthandOptions } from 'fastify'
import { describe, expect, it } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { applicationsOf, BODY, deliver, receiver, WEBHOOK } from './application.js'
import { VERSIONS } from './versions.js'

/** Route options as they come without types. */
const untyped = (options: object) => options as RouteShorthandOptions

describe.each(titled(VERSIONS, 'name'))('%s', ({ fastify }) => {
  const application = applicationsOf(fastify)
  const registered = async (app = application()) => {
    await app.register((await import('@mailbox-hooks/fastify')).webhooks, receiver().options)
    return app
  }
  const addRoute = (app: FastifyInstance, options: object) => app.post('/webhooks', untyped(options), async () => ({}))

  it.each(['true', 1, 0, null, '', 'yes', {}, Boolean])(
    'throws for a route with config.webhook %o, which would run its handler unverified',
    async (webhook) => {
      const app = await registered()
      expect(() => addRoute(app, { config: { webhook } })).toThrow(
        /^webhooks: the route POST \/webhooks has config\.webhook .*, but it must be true or false$/,
      )
    },
  )

  it.each([true, false, undefined])('takes config.webhook %o', async (webhook) => {
    const app = await registered()
    addRoute(app, { config: { webhook } })
    expect((await app.inject({ method: 'POST', url: '/webhooks', payload: {} })).statusCode).toBe(webhook ? 401 : 200)
  })

  it.each([
    'webhooks',
    'webHook',
    'Webhook',
    'web_hook',
    'web-hooks',
    'webook',
    'wehbook',
    'wbhook',
    'webhoook',
    'webhook ',
  ])('throws for the misspelt key %o', async (name) => {
    const app = await registered()
    for (const value of [true, false]) {
      expect(() => addRoute(app, { config: { [name]: value } })).toThrow(
        `has config.${name}: do you mean config.webhook?`,
      )
    }
  })

  it('throws for a webhook that stands beside the config of its route, not in it', async () => {
    const app = await registered()
    expect(() => addRoute(app, { webhook: true })).toThrow('has the option webhook: do you mean config.webhook?')
    expect(() => addRoute(app, { webhooks: true })).toThrow('has the option webhooks: do you mean config.webhook?')
  })

  it('takes other keys of a config, whatever they are called', async () => {
    const app = await registered()
    addRoute(app, { config: { rateLimit: {}, web: 1, hook: 1, webhookName: 'a', book: 1 } })
    expect((await app.inject({ method: 'POST', url: '/webhooks' })).statusCode).toBe(200)
  })

  it('refuses to run a route that was there before the plugin, where its switch is wrong', async () => {
    const app = application()
    addRoute(app, { config: { webhook: 'true' } })
    await registered(app)
    const answer = await app.inject({ method: 'POST', url: '/webhooks', payload: {} })
    expect([answer.statusCode, answer.json().message]).toEqual([500, expect.stringContaining('must be true or false')])
  })

  it('throws for a webhook route with schema.body, because it has no request.body', async () => {
    const app = await registered()
    const schema = { body: { type: 'object' } }
    expect(() => addRoute(app, { ...WEBHOOK, schema })).toThrow(
      /^webhooks: the route POST \/webhooks has schema\.body, but a webhook route has no request\.body/,
    )
    addRoute(app, { ...WEBHOOK, schema: { headers: { type: 'object' } } })
    app.post('/other', { schema }, async () => ({}))
    expect((await deliver(app)).statusCode).toBe(200)
  })

  it('gives the delivery of a request that was verified, and throws for every other', async () => {
    const app = await registered()
    app.post('/webhooks', WEBHOOK, async (request) => ({ id: app.webhooks.delivery(request).id }))
    app.post('/other', async (request) => ({ id: app.webhooks.delivery(request).id }))
    expect((await deliver(app)).json()).toEqual({ id: 'openmail:evt_1' })
    const answer = await deliver(app, '/other')
    expect([answer.statusCode, answer.json().message]).toEqual([
      500,
      expect.stringContaining('config: { webhook: true }'),
    ])
  })

  it('throws where the plugin is registered in a scope beside that of the route, or nowhere', async () => {
    const app = application()
    const handled: string[] = []
    app.register(async (scope) => void (await registered(scope)), { prefix: '/beside' })
    app.register(async (scope) => {
      scope.post('/webhooks', WEBHOOK, async (request) => {
        const { id } = scope.webhooks.delivery(request)
        handled.push(id)
        return {}
      })
    })
    expect((await deliver(app)).statusCode).toBe(500)
    expect(handled).toEqual([])
  })

  it("takes no delivery for its own that another scope's options have verified", async () => {
    const app = await registered()
    app.register(async (scope) => {
      await registered(scope)
      scope.post('/inner', WEBHOOK, async (request) => ({
        inner: scope.webhooks.delivery(request).id,
        sameServer: request.server.webhooks.delivery(request).id,
      }))
      scope.post('/outer', WEBHOOK, async (request) => ({ outer: app.webhooks.delivery(request).id }))
    })
    expect((await deliver(app, '/inner')).json()).toEqual({ inner: 'openmail:evt_1', sameServer: 'openmail:evt_1' })
    const body = BODY.replace('evt_1', 'evt_2')
    expect((await deliver(app, '/outer', body)).statusCode).toBe(500)
  })
})
