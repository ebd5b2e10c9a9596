import { openMail } from '@mailbox-hooks/core'
import { mysqlStore } from '@mailbox-hooks/core/sql'
import { webhooks } from '@mailbox-hooks/fastify'
import Fastify from 'fastify'
import { createPool } from 'mysql2/promise'

const { OPENMAIL_WEBHOOK_SECRET, MYSQL_URL = 'mysql://root@127.0.0.1:3306/test', PORT = '3000' } = process.env

// For the store alone: handlers that take all the connections of a pool keep the claims waiting.
const store = mysqlStore(createPool({ uri: MYSQL_URL, connectionLimit: 4 }))
await store.migrate()
// Nothing else deletes what need not be remembered any more.
setInterval(() => store.purge().catch((error: Error) => console.error('purge:', error.message)), 3600_000)

const app = Fastify()

await app.register(webhooks, {
  providers: [openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] })],
  store,
})

app.post('/webhooks', { config: { webhook: true } }, async (request) => {
  const { event } = request.webhook!
  if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
  return { received: true }
})

await app.listen({ port: Number(PORT) })
console.log(`Listening on http://localhost:${PORT}/webhooks`)
