// Checked by `npm run types`: what a user of Fastify sees of the types.
import { openMail, type RegisteredDelivery } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fastify'
import fastify from 'fastify'
import { expectTypeOf, it } from 'vitest'

const providers = [openMail({ secrets: ['key'] })]

it('makes no promise on a route that may not ask for webhooks', () => {
  const app = fastify()
  app.post('/', async (request) => {
    expectTypeOf(request.webhook).toEqualTypeOf<RegisteredDelivery | null>()
    expectTypeOf(app.webhooks.delivery(request)).toEqualTypeOf<RegisteredDelivery>()
    expectTypeOf(request.server.webhooks.delivery(request)).toEqualTypeOf<RegisteredDelivery>()
  })
})

it('narrows request.webhook to the built-in providers where none are registered', () => {
  fastify().post<{ Params: { tenant: string } }>('/:tenant', { config: { webhook: true } }, async (request) => {
    expectTypeOf(request.params.tenant).toEqualTypeOf<string>()
    if (request.webhook?.event.type === 'mailbox.created') {
      expectTypeOf(request.webhook.event.payload.data.mailboxDetails.email).toEqualTypeOf<string>()
    }
  })
})

it('checks the options and the route that it is given', () => {
  const app = fastify()
  app.register(webhooks, { providers, namespace: 'shop' })
  fastify({ http2: true }).register(webhooks, { providers })
  // @ts-expect-error providers are missing
  app.register(webhooks, { namespace: 'shop' })
  // @ts-expect-error not an option
  app.register(webhooks, { providers, nmaespace: 'shop' })
  // @ts-expect-error webhook is true or false
  app.post('/', { config: { webhook: 'openmail' } }, async () => {})
})
