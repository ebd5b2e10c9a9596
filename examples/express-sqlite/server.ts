import { openMail } from '@mailbox-hooks/core'
import { sqliteStore } from '@mailbox-hooks/core/sql'
import { webhooks } from '@mailbox-hooks/express'
import Database from 'better-sqlite3'
import express from 'express'

const { OPENMAIL_WEBHOOK_SECRET, DATABASE_FILE = 'webhooks.db', PORT = '3000' } = process.env

const database = new Database(DATABASE_FILE)
database.pragma('journal_mode = WAL')
// With FULL, a mark survives a power cut too.
database.pragma('synchronous = FULL')

const store = sqliteStore(database)
await store.migrate()
// Only purge() deletes events whose retention has ended.
const purging = setInterval(
  () => store.purge().catch((error: Error) => console.error('purge:', error.message)),
  3600_000,
)

const receive = webhooks({
  providers: [openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] })],
  store,
})

const app = express()

app.post('/webhooks', receive, async (req, res) => {
  const { event } = receive.delivery(req)
  if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
  res.json({ received: true })
})

const server = app.listen(Number(PORT), () => console.log(`Listening on http://localhost:${PORT}/webhooks`))

// Take no more requests, let the handlers that run come to their end, and close what they need.
process.once('SIGTERM', async () => {
  clearInterval(purging)
  server.close()
  server.closeIdleConnections()
  await receive.idle()
  database.close()
})
