import Router from '@koa/router'
import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/koa'
import Koa from 'koa'

const { CMR_API_KEY, INBOXKIT_API_KEY, OPENMAIL_WEBHOOK_SECRET, PORT = '3000' } = process.env

const receive = webhooks({
  providers: [
    coldMailReseller({ secrets: [CMR_API_KEY] }),
    inboxKit({ secrets: [INBOXKIT_API_KEY] }),
    openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] }),
  ],
})

const router = new Router()

// Mount it before any body parser: signatures cover the raw bytes.
router.post('/webhooks', receive, async (ctx) => {
  const { event } = ctx.state.webhook
  if (event.type === 'mailbox.created') console.log('new mailbox', event.payload.data.mailboxDetails.email)
  if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
  ctx.body = { received: true }
})

const app = new Koa()
app.use(router.routes())
app.listen(Number(PORT), () => console.log(`Listening on http://localhost:${PORT}/webhooks`))
