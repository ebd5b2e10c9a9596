import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fastify'
import Fastify from 'fastify'

const { CMR_API_KEY, INBOXKIT_API_KEY, OPENMAIL_WEBHOOK_SECRET, PORT = '3000' } = process.env

const app = Fastify()

await app.register(webhooks, {
  providers: [
    coldMailReseller({ secrets: [CMR_API_KEY] }),
    inboxKit({ secrets: [INBOXKIT_API_KEY] }),
    openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] }),
  ],
})

// Only this route receives webhooks. The others keep Fastify's parsers.
app.post('/webhooks', { config: { webhook: true } }, async (request) => {
  const { event } = app.webhooks.delivery(request)
  if (event.type === 'mailbox.created') console.log('new mailbox', event.payload.data.mailboxDetails.email)
  if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
  return { received: true }
})

await app.listen({ port: Number(PORT) })
console.log(`Listening on http://localhost:${PORT}/webhooks`)
