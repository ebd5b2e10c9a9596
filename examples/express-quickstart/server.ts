import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'

const { CMR_API_KEY, INBOXKIT_API_KEY, OPENMAIL_WEBHOOK_SECRET, PORT = '3000' } = process.env

const receive = webhooks({
  providers: [
    coldMailReseller({ secrets: [CMR_API_KEY] }),
    inboxKit({ secrets: [INBOXKIT_API_KEY] }),
    openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] }),
  ],
})

const app = express()

// Mount it before any body parser: signatures cover the raw bytes.
app.post('/webhooks', receive, async (req, res) => {
  const { event } = receive.delivery(req)
  if (event.type === 'mailbox.created') console.log('new mailbox', event.payload.data.mailboxDetails.email)
  if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
  res.json({ received: true })
})

app.listen(Number(PORT), () => console.log(`Listening on http://localhost:${PORT}/webhooks`))
