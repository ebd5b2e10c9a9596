import { openMail } from '@mailbox-hooks/core'
import { redisStore } from '@mailbox-hooks/core/redis'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import { createClient } from 'redis'

const { OPENMAIL_WEBHOOK_SECRET, REDIS_URL = 'redis://127.0.0.1:6379', PORT = '3000' } = process.env

// Without its queue, the client fails at once while Redis is unreachable, and the provider retries.
const redis = createClient({ url: REDIS_URL, disableOfflineQueue: true })
redis.on('error', (error: Error) => console.error('redis:', error.message))
await redis.connect()

const receive = webhooks({
  providers: [openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] })],
  store: redisStore(redis),
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
  server.close()
  server.closeIdleConnections()
  await receive.idle()
  redis.destroy()
})
