import { openMail } from '@mailbox-hooks/core'
import { mysqlStore } from '@mailbox-hooks/core/sql'
import { webhooks } from '@mailbox-hooks/fastify'
import Fastify from 'fastify'
import { createPool } from 'mysql2/promise'

const { OPENMAIL_WEBHOOK_SECRET, MYSQL_URL = 'mysql://root@127.0.0.1:3306/test', PORT = '3000' } = process.env

// A pool for the store alone: handlers that hold all connections of a shared pool delay the claims.
const pool = createPool({ uri: MYSQL_URL, connectionLimit: 4 })
const store = mysqlStore(pool)
await store.migrate()
// Only purge() deletes events whose retention has ended.
const purging = setInterval(
  () => store.purge().catch((error: Error) => console.error('purge:', error.message)),
  3600_000,
)

const app = Fastify()

await app.register(webhooks, {
  providers: [openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] })],
  store,
})

app.post('/webhooks', { config: { webhook: true } }, async (request) => {
  const { event } = app.webhooks.delivery(request)
  if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
  return { received: true }
})

await app.listen({ port: Number(PORT) })
console.log(`Listening on http://localhost:${PORT}/webhooks`)

// Take no more requests, let the handlers that run come to their end, and close what they need.
process.once('SIGTERM', async () => {
  clearInterval(purging)
  await app.close()
  await app.webhooks.idle()
  await pool.end()
})
