import { bullmqProcessor } from '@mailbox-hooks/bullmq'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'

// BullMQ requires this option on a worker's connection.
const connection = new Redis(process.env.REDIS_URL!, { maxRetriesPerRequest: null })

const processor = bullmqProcessor(
  {
    'mailbox.created': async ({ id, event }) => {
      process.send?.({ did: 'begin', id })
      // The mailbox's password is readable here, but nowhere in Redis.
      if (!event.payload.data.mailboxDetails.email) throw new Error('A mailbox without an address')
      await new Promise((resolve) => setTimeout(resolve, Number(process.env.WORK_MS)))
      process.send?.({ did: 'end', id })
    },
  },
  { sealingKeys: [process.env.SEALING_KEY] },
)

const worker = new Worker(process.env.QUEUE!, processor, {
  connection,
  concurrency: 5,
  // How soon another worker takes the job of a dead one. The default is 30 s for both.
  lockDuration: 2_000,
  stalledInterval: 1_000,
})

process.once('SIGTERM', async () => {
  await worker.close()
  connection.disconnect()
  process.disconnect()
})
