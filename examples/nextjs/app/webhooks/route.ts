import { webhooks } from '@mailbox-hooks/fetch'
import { createOptions } from '../../webhooks'

const createRoute = () =>
  webhooks(createOptions())(async ({ event }) => {
    if (event.type === 'mailbox.created') console.log('new mailbox', event.payload.data.mailboxDetails.email)
    if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
    return Response.json({ received: true })
  })

// `next build` imports this module, and has no secrets. So the first request creates the receiver.
let route: ReturnType<typeof createRoute> | undefined

export function POST(request: Request) {
  route ??= createRoute()
  return route(request)
}
