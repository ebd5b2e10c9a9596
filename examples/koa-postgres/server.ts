import Router from '@koa/router'
import { openMail } from '@mailbox-hooks/core'
import { postgresStore } from '@mailbox-hooks/core/sql'
import { webhooks } from '@mailbox-hooks/koa'
import Koa from 'koa'
import pg from 'pg'

const { OPENMAIL_WEBHOOK_SECRET, POSTGRES_URL = 'postgres://root@127.0.0.1:5432/test', PORT = '3000' } = process.env

// A pool for the store alone: handlers that hold all connections of a shared pool delay the claims.
const pool = new pg.Pool({ connectionString: POSTGRES_URL, max: 4 })
pool.on('error', (error) => console.error('postgres:', error.message))

const store = postgresStore(pool)
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

const router = new Router()

router.post('/webhooks', receive, async (ctx) => {
  const { event } = ctx.state.webhook
  if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
  ctx.body = { received: true }
})

const app = new Koa()
app.use(router.routes())
const server = app.listen(Number(PORT), () => console.log(`Listening on http://localhost:${PORT}/webhooks`))

// Take no more requests, let the handlers that run come to their end, and close what they need.
process.once('SIGTERM', async () => {
  clearInterval(purging)
  server.close()
  server.closeIdleConnections()
  await receive.idle()
  await pool.end()
})
