import type { HandOff } from '@mailbox-hooks/core'
import { deliveryPacker, type QueuedHandlers, queuedHandler, type WorkerOptions } from '@mailbox-hooks/core/queue'
import type { Channel, ConfirmChannel } from 'amqplib'

/** RabbitMQ refuses larger messages by default from version 4 on. */
const MAX_BYTES = 16_000_000

/** How often RabbitMQ puts a message back before it goes to the dead letters. */
const RETRIES = 5

type SealingKeys = WorkerOptions['sealingKeys']

/** Declares a queue whose messages survive a restart, and the queue of its dead letters. */
export async function declareQueue(channel: Channel, name: string): Promise<void> {
  await channel.assertQueue(`${name}.dead`, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  await channel.assertQueue(name, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': RETRIES,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': `${name}.dead`,
    },
  })
}

/** Creates a `handOff` that resolves once RabbitMQ has confirmed that it stores the message. */
export function rabbitmqHandOff(channel: ConfirmChannel, queue: string, sealingKeys: SealingKeys): HandOff {
  const pack = deliveryPacker('rabbitmqHandOff', { sealingKeys, maxBytes: MAX_BYTES })
  const handOff: HandOff = (delivery, terms) => {
    const content = Buffer.from(JSON.stringify(pack(delivery, terms)))
    const settings = { persistent: true, contentType: 'application/json', messageId: terms.jobId }
    return new Promise((resolve, reject) => {
      channel.sendToQueue(queue, content, settings, (error) => (error ? reject(error) : resolve(undefined)))
    })
  }
  return Object.assign(handOff, { ping: () => channel.checkQueue(queue) })
}

/**
 * Consumes a queue. RabbitMQ deduplicates nothing, and may deliver a message twice, so the store decides which jobs were
 * handled. Resolves to the function that stops consuming and waits for the handlers that run.
 */
export async function consume(
  channel: Channel,
  queue: string,
  handlers: QueuedHandlers,
  options: WorkerOptions & Required<Pick<WorkerOptions, 'store'>>,
): Promise<() => Promise<void>> {
  const handle = queuedHandler('rabbitmqWorker', handlers, options)
  const { consumerTag } = await channel.consume(queue, async (message) => {
    if (message === null) return
    const { properties, content } = message
    const attempt = Number(properties.headers?.['x-delivery-count'] ?? 0) + 1
    const job = { jobId: properties.messageId, attempt, isLast: attempt > RETRIES, original: message }
    await parse(content)
      .then((packed) => handle(packed, job))
      .then(
        () => channel.ack(message),
        // Back into the queue, or to the dead letters after the last retry.
        () => channel.nack(message),
      )
  })
  return async () => {
    await channel.cancel(consumerTag)
    await handle.idle()
  }
}

/** Rejects for a message that is no JSON, which then goes the way of every failure. */
const parse = async (content: Buffer): Promise<unknown> => JSON.parse(content.toString())

/** Puts all dead letters back. A message leaves the dead letters only after the queue has confirmed it. */
export async function redriveAll(channel: ConfirmChannel, queue: string): Promise<number> {
  const { messageCount } = await channel.checkQueue(`${queue}.dead`)
  let count = 0
  for (; count < messageCount; count++) {
    const message = await channel.get(`${queue}.dead`)
    if (message === false) break
    const { messageId, contentType } = message.properties
    channel.sendToQueue(queue, message.content, { persistent: true, contentType, messageId })
    await channel.waitForConfirms()
    channel.ack(message)
  }
  return count
}
