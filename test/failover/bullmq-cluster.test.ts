import { setTimeout as wait } from 'node:timers/promises'
import { bullmqHandOff, bullmqProcessor } from '@mailbox-hooks/bullmq'
import type { RegisteredDelivery } from '@mailbox-hooks/core'
import { memoryStore, type Outcome } from '@mailbox-hooks/core'
import { Queue, Worker } from 'bullmq'
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { QUEUED, REFUSED, receiverOf } from '../queues/sender.js'
import { hasRedisServer } from '../servers/private-redis.js'
import { RedisCluster } from '../servers/redis-cluster.js'

const PREFIX = '{mailbox-hooks}'
const EVENTS = 200
const SPAN_MS = 2_000
const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }
const ignore = () => {}

describe.skipIf(!hasRedisServer())('bullmqHandOff on a Redis Cluster of 3 + 3', { timeout: 60_000 }, () => {
  let cluster: RedisCluster

  beforeAll(async () => {
    cluster = await RedisCluster.start(3)
  }, 60_000)
  afterAll(() => cluster.stop())

  const connect = () => {
    const client = new Cluster(cluster.urls, { redisOptions: { maxRetriesPerRequest: null } }).on('error', ignore)
    onTestFinished(() => client.disconnect())
    return client
  }
  const queueOn = (connection: Cluster | Redis, prefix?: string, name = 'deliveries') => {
    const queue = new Queue(name, prefix === undefined ? { connection } : { connection, prefix })
    queue.on('error', ignore)
    return queue
  }
  const messageOf = async (queue: Queue) => {
    const outcomes: Outcome[] = []
    const onOutcome = (outcome: Outcome) => outcomes.push(outcome)
    expect(await receiverOf(bullmqHandOff(queue, sealing), { onOutcome })('evt_1')).toBe(REFUSED)
    return outcomes.at(-1)?.message
  }

  it('without a hash tag: the message says which prefix to set', async () => {
    expect(await messageOf(queueOn(connect()))).toBe(
      'The queue refused the delivery. On a Redis Cluster, all keys of a queue must be on one node: set ' +
        "prefix: '{mailbox-hooks}' on Queue and Worker.",
    )
  })

  it('connected to the wrong node alone: the message asks for a Cluster', async () => {
    const messages = await Promise.all(
      cluster.urls.map(async (url) => {
        const client = new Redis(url, { maxRetriesPerRequest: null }).on('error', ignore)
        onTestFinished(() => client.disconnect())
        const queue = queueOn(client, PREFIX, 'moved')
        const outcomes: Outcome[] = []
        await receiverOf(bullmqHandOff(queue, sealing), { onOutcome: (outcome) => outcomes.push(outcome) })('evt_moved')
        return outcomes[0]?.message
      }),
    )
    expect(messages.filter((message) => message?.includes('connect with new Cluster(…) of ioredis'))).toHaveLength(5)
  })

  it('with a hash tag: loses no event while the master of the queue is killed', async () => {
    const connection = connect()
    const handled = new Map<string, number>()
    const count = async ({ event }: { event: RegisteredDelivery['event'] }) => {
      const id = event.known ? (event.id ?? '') : ''
      handled.set(id, (handled.get(id) ?? 0) + 1)
    }
    const worker = new Worker('deliveries', bullmqProcessor({ otherwise: count }, sealing), {
      connection: connect(),
      prefix: PREFIX,
      lockDuration: 5_000,
      stalledInterval: 2_000,
      maxStalledCount: 5,
    }).on('error', ignore)
    onTestFinished(() => worker.close(true))
    const send = receiverOf(bullmqHandOff(queueOn(connection, PREFIX), sealing), {
      store: memoryStore(),
      handOffTimeoutMs: 1_000,
    })
    const slot = await connection.cluster('KEYSLOT', `${PREFIX}:deliveries:wait`)
    const deliver = async (index: number) => {
      await wait((index / EVENTS) * SPAN_MS)
      while ((await send(`evt_${index}`)) !== QUEUED) await wait(50)
    }
    await Promise.all([
      ...Array.from({ length: EVENTS }, (_, index) => deliver(index)),
      wait(SPAN_MS / 3).then(() => cluster.killMaster(Math.floor(slot / Math.ceil(16_384 / 3)))),
    ])
    await vi.waitFor(() => expect(handled.size).toBe(EVENTS), { timeout: 30_000, interval: 100 })
    const twice = [...handled.values()].filter((times) => times > 1).length
    if (process.env.FIGURES === '1')
      console.info('BullMQ, cluster of 3 + 3, master killed', { handled: handled.size, twice })
  })
})
