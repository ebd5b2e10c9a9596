import { bullmqHandOff, bullmqProcessor } from '@mailbox-hooks/bullmq'
import { createReceiver, type DedupStore, type HandOff, memoryStore, openMail } from '@mailbox-hooks/core'
import { redisStore } from '@mailbox-hooks/core/redis'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { PrivateRedis } from '../../test/servers/private-redis.js'
import { SECRET, signatureOf } from '../signing.js'
import { messageReceived } from '../verify/bodies.js'

const EVENTS = 20_000
const sealing = { sealingKeys: [new Uint8Array(32)] }

/** What one event costs the server. */
export interface Cost {
  readonly bytes: number
  readonly cpuMicros: number
}

export interface RedisCost {
  /** A claim and a mark. */
  readonly event: Cost
  /** A job that is put into the queue, with a sealed body of 0.7 kB. */
  readonly queued: Cost
  /** The same job taken out, done and kept. */
  readonly done: Cost
}

/** What a server of its own spends on each of many events: its CPU and its memory, whatever else the machine does. */
export async function redisCost(): Promise<RedisCost> {
  const server = await (await PrivateRedis.create()).start()
  const client = new Redis(server.url, { maxRetriesPerRequest: null })
  const queue = new Queue('deliveries', { connection: client })
  const costOf = async (act: () => Promise<unknown>): Promise<Cost> => {
    const before = await usage(client)
    await act()
    const after = await usage(client)
    return {
      bytes: (after.bytes - before.bytes) / EVENTS,
      cpuMicros: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / EVENTS,
    }
  }
  const event = await costOf(() => receiveAll({ store: redisStore(client) }))
  const handOff = bullmqHandOff(queue, sealing)
  const queued = await costOf(() => receiveAll({ store: memoryStore(), handOff }))
  const done = await costOf(() => workAll(client))
  await queue.close()
  client.disconnect()
  await server.stop()
  return { event, queued, done }
}

async function usage(client: Redis): Promise<{ bytes: number; cpuSeconds: number }> {
  const info = await client.info()
  const field = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1])
  return { bytes: field('used_memory'), cpuSeconds: field('used_cpu_sys') + field('used_cpu_user') }
}

async function workAll(client: Redis): Promise<void> {
  let done = 0
  const worker = new Worker('deliveries', bullmqProcessor({}, sealing), { connection: client, concurrency: 50 })
  await new Promise<void>((resolve) => {
    worker.on('completed', () => {
      if (++done === EVENTS) resolve()
    })
  })
  await worker.close()
}

async function receiveAll(options: { store: DedupStore; handOff?: HandOff }): Promise<void> {
  const receiver = createReceiver({ providers: [openMail({ secrets: [SECRET] })], ...options })
  for (let index = 0; index < EVENTS; index += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, offset) => receiveOne(receiver, index + offset)))
  }
}

async function receiveOne(receiver: ReturnType<typeof createReceiver>, index: number): Promise<void> {
  const body = messageReceived(`evt_0123456789abcdef_${index}`, 'Hello Ada, the invoice for March is attached. ', 700)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const headers = { 'x-timestamp': timestamp, 'x-signature': signatureOf(timestamp, body).toString('hex') }
  const reception = await receiver.receive({
    method: 'POST',
    header: (name) => headers[name as keyof typeof headers],
    readBody: async () => body,
    isOpenEnded: () => false,
  })
  if (reception.answer === undefined) await reception.settle(200)
}
