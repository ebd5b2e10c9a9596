import { serve } from '@hono/node-server'
import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fetch'
import { Hono } from 'hono'

const { CMR_API_KEY, INBOXKIT_API_KEY, OPENMAIL_WEBHOOK_SECRET, PORT = '3000' } = process.env

const receive = webhooks({
  providers: [
    coldMailReseller({ secrets: [CMR_API_KEY] }),
    inboxKit({ secrets: [INBOXKIT_API_KEY] }),
    openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] }),
  ],
})

// A function from Request to Response, which Next.js, Bun and Deno use unchanged.
const POST = receive(async ({ event }) => {
  if (event.type === 'mailbox.created') console.log('new mailbox', event.payload.data.mailboxDetails.email)
  if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
  return Response.json({ received: true })
})

const app = new Hono()
app.post('/webhooks', (c) => POST(c.req.raw))

serve({ fetch: app.fetch, port: Number(PORT) }, () => console.log(`Listening on http://localhost:${PORT}/webhooks`))
