// Checked by `npm run types`: what a user of a fetch runtime sees of the types.
import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fetch'
import { Hono } from 'hono'
import { expectTypeOf, it } from 'vitest'

const receive = webhooks({ providers: [openMail({ secrets: ['key'] })] })

it('gives the handler the exact delivery and the request', () => {
  const POST = receive(async ({ event }, request) => {
    expectTypeOf(request).toEqualTypeOf<Request>()
    if (event.type === 'message.received') expectTypeOf(event.payload.inbox_id).toEqualTypeOf<string>()
    // @ts-expect-error this provider does not send that
    if (event.type === 'mailbox.created') return
    return Response.json({ received: true })
  })
  expectTypeOf(POST).toEqualTypeOf<(request: Request) => Promise<Response>>()
  new Hono().post('/webhooks', (c) => POST(c.req.raw))
})

it('takes handlers that answer at once, or nothing', () => {
  receive(() => Response.json({}))
  receive(() => {})
  receive(async () => {})
  receive(({ event }) => (event.known ? new Response(null, { status: 204 }) : undefined))
  // @ts-expect-error an answer is a Response
  receive(() => ({ received: true }))
})
