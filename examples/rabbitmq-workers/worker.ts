import { memoryStore } from '@mailbox-hooks/core'
import { connect } from 'amqplib'
import { consume } from './rabbitmq-queue.ts'

const connection = await connect(process.env.RABBITMQ_URL!)
const channel = await connection.createChannel()
await channel.prefetch(5)

const stop = await consume(
  channel,
  process.env.QUEUE!,
  {
    'mailbox.created': async ({ id, event }) => {
      process.send?.({ did: 'begin', id })
      // The mailbox's password is readable here, but nowhere in RabbitMQ.
      if (!event.payload.data.mailboxDetails.email) throw new Error('A mailbox without an address')
      await new Promise((resolve) => setTimeout(resolve, Number(process.env.WORK_MS)))
      process.send?.({ did: 'end', id })
    },
  },
  // Several workers need a store that they share, e.g. postgresStore(pool).
  { sealingKeys: [process.env.SEALING_KEY], store: memoryStore() },
)

process.once('SIGTERM', async () => {
  await stop()
  await connection.close()
  process.disconnect()
})
