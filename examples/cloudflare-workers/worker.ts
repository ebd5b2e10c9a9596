import { env, waitUntil } from 'cloudflare:workers'
import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { durableObjectStore } from '@mailbox-hooks/core/durable-object'
import { webhooks } from '@mailbox-hooks/fetch'

// The class of the Durable Object that remembers the events.
export { WebhookStore } from '@mailbox-hooks/core/durable-object'

const receive = webhooks({
  providers: [
    coldMailReseller({ secrets: [env.CMR_API_KEY] }),
    inboxKit({ secrets: [env.INBOXKIT_API_KEY] }),
    openMail({ secrets: [env.OPENMAIL_WEBHOOK_SECRET] }),
  ],
  store: durableObjectStore(env.WEBHOOK_STORE),
  waitUntil,
})

const POST = receive(async ({ event }) => {
  if (event.type === 'mailbox.created') console.log('new mailbox', event.payload.data.mailboxDetails.email)
  if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
  return Response.json({ received: true })
})

export default {
  fetch: (request: Request) =>
    new URL(request.url).pathname === '/webhooks' ? POST(request) : new Response('Not found', { status: 404 }),
}
