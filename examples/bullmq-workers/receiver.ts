import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { bullmqHandOff } from '@mailbox-hooks/bullmq'
import { coldMailReseller } from '@mailbox-hooks/core'
import { redisStore } from '@mailbox-hooks/core/redis'
import { webhooks } from '@mailbox-hooks/express'
import { Queue } from 'bullmq'
import express from 'express'
import { Redis } from 'ioredis'
import { SECRET } from './play-workers.ts'

/** Receives deliveries, and answers as soon as Redis has them. */
export async function startReceiver(name: string) {
  // Without the offline queue, deliveries get a 503 while Redis is unreachable, instead of queueing in this process.
  const client = new Redis(process.env.REDIS_URL!, { enableOfflineQueue: false })
  await once(client, 'ready')
  const queue = new Queue(name, {
    connection: client,
    defaultJobOptions: { attempts: 8, backoff: { type: 'exponential', delay: 1000 } },
  })
  const receive = webhooks({
    providers: [coldMailReseller({ secrets: [SECRET] })],
    store: redisStore(client),
    namespace: name,
    // Remove the jobs of this example from Redis soon.
    retentionMs: 3_600_000,
    handOff: bullmqHandOff(queue, { sealingKeys: [process.env.SEALING_KEY] }),
  })

  const app = express()
  // No handler: every delivery goes to the queue.
  app.post('/webhooks', receive)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    countJobs: () => queue.getJobCountByTypes('waiting', 'active', 'delayed', 'completed', 'failed'),
    close: async () => {
      server.close()
      await queue.obliterate({ force: true })
      await queue.close()
      client.disconnect()
    },
  }
}
