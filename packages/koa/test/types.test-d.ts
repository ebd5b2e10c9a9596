// Checked by `npm run types`: what a user of Koa sees of the types.
import Router from '@koa/router'
import { openMail, type RegisteredDelivery } from '@mailbox-hooks/core'
import { type WebhookState, webhooks } from '@mailbox-hooks/koa'
import Koa from 'koa'
import { expectTypeOf, it } from 'vitest'

const receive = webhooks({ providers: [openMail({ secrets: ['key'] })] })
type Delivery = ReturnType<typeof receive.delivery>

it('gives a route of @koa/router the exact delivery in its state', () => {
  new Router().post('/:tenant', receive, (ctx) => {
    expectTypeOf(ctx.params.tenant).toEqualTypeOf<string | undefined>()
    expectTypeOf(ctx.state.webhook).toEqualTypeOf<Delivery>()
    const { event } = ctx.state.webhook
    if (event.type === 'message.received') expectTypeOf(event.payload.inbox_id).toEqualTypeOf<string>()
    // @ts-expect-error this provider does not send that
    if (event.type === 'mailbox.created') return
    expectTypeOf(receive.delivery(ctx)).toEqualTypeOf<Delivery>()
  })
})

it('gives the middleware behind it in an application the exact delivery', () => {
  new Koa().use(receive).use((ctx) => {
    expectTypeOf(ctx.state.webhook).toEqualTypeOf<Delivery>()
  })
})

it('keeps what else is in the state', () => {
  interface State {
    user: string
  }
  new Router<State>().post('/', receive, (ctx) => {
    expectTypeOf(ctx.state.user).toEqualTypeOf<string>()
    expectTypeOf(ctx.state.webhook).toEqualTypeOf<Delivery>()
  })
})

it('types a handler that is written on its own', () => {
  const handler: Koa.Middleware<WebhookState> = (ctx) => {
    expectTypeOf(ctx.state.webhook).toEqualTypeOf<RegisteredDelivery>()
  }
  expectTypeOf(handler).toBeFunction()
})

it('promises nothing on a route without it', () => {
  new Router<object>().get('/', (ctx) => {
    // @ts-expect-error nothing has put it there
    ctx.state.webhook
  })
})
