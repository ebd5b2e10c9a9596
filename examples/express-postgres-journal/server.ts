import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import journal from './journal.mjs'

const { OPENMAIL_WEBHOOK_SECRET, BROKEN = '', PORT = '3000' } = process.env

const receive = webhooks({
  providers: [openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] })],
  // It decides what was handled, so there is no store.
  journal,
})

// Nothing else deletes old entries.
const purging = setInterval(
  () => journal.purge().catch((error: Error) => console.error('purge:', error.message)),
  3600_000,
)

const app = express()

app.post('/webhooks', receive, async (req, res) => {
  const { event, replayed } = receive.delivery(req)
  if (BROKEN !== '') throw new TypeError('the handler has a bug')
  if (event.type === 'message.received') console.log(replayed ? 'replayed' : 'received', event.payload.message.from)
  res.json({ received: true })
})

const server = app.listen(Number(PORT), () => console.log(`Listening on http://localhost:${PORT}/webhooks`))

// Take no more requests, and let the handlers that run come to their end.
process.once('SIGTERM', async () => {
  clearInterval(purging)
  server.close()
  server.closeIdleConnections()
  await receive.idle()
  process.exit()
})
