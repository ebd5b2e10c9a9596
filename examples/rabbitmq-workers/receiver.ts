import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { coldMailReseller, memoryStore } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { connect } from 'amqplib'
import express from 'express'
import { SECRET } from './play-workers.ts'
import { declareQueue, rabbitmqHandOff } from './rabbitmq-queue.ts'

/** Receives deliveries, and answers as soon as RabbitMQ has confirmed them. */
export async function startReceiver(queue: string) {
  const connection = await connect(process.env.RABBITMQ_URL!)
  const channel = await connection.createConfirmChannel()
  await declareQueue(channel, queue)

  const receive = webhooks({
    providers: [coldMailReseller({ secrets: [SECRET] })],
    // One receiver. Several need a store that they share.
    store: memoryStore(),
    handOff: rabbitmqHandOff(channel, queue, [process.env.SEALING_KEY]),
  })

  const app = express()
  // No handler: every delivery goes to the queue.
  app.post('/webhooks', receive)
  app.get('/ready', async (_req, res) => {
    res.sendStatus((await receive.health()).ok ? 200 : 503)
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    countJobs: async () => (await channel.checkQueue(queue)).messageCount,
    close: async () => {
      server.close()
      await receive.idle()
      for (const name of [queue, `${queue}.dead`]) await channel.deleteQueue(name)
      await connection.close()
    },
  }
}
