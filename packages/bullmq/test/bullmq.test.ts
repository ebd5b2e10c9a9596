import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bullmqHandOff, bullmqProcessor, deadLetters, redrive } from '@mailbox-hooks/bullmq'
import { handOffSuite } from '@mailbox-hooks/testing/suites'
import { Queue, Worker } from 'bullmq'
import { Queue as Queue5, Worker as Worker5 } from 'bullmq-5'
import { Redis } from 'ioredis'
import { afterAll, assert, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { queueSuite } from '../../../test/queues/queue-suite.js'
import { DUPLICATE, QUEUED, REFUSED, receiverOf } from '../../../test/queues/sender.js'
import { hasRedisServer, PrivateRedis } from '../../../test/servers/private-redis.js'

const skip = !hasRedisServer()
const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }
let server: PrivateRedis
let queues = 0

const start = async () => {
  // Uncompressed, so that what is written can be searched.
  server = await (await PrivateRedis.create('--rdbcompression', 'no')).start()
}
const stop = () => server.stop()

/** Returns the bytes that Redis would write to its disk. */
async function everythingStored(): Promise<string> {
  const client = new Redis(server.url)
  const [, directory] = (await client.config('GET', 'dir')) as [string, string]
  await client.save()
  client.disconnect()
  return readFile(join(directory, 'dump.rdb'), 'latin1')
}

for (const [version, library] of Object.entries({ 5: { Queue: Queue5, Worker: Worker5 }, 6: { Queue, Worker } })) {
  queueSuite({
    name: `BullMQ ${version}`,
    skip,
    start,
    stop,
    everythingStored,
    open: async () => {
      const name = `deliveries-${queues++}`
      const connection = { host: '127.0.0.1', port: server.port }
      // The constructors of both versions take the same.
      const queue = new (library.Queue as typeof Queue)(name, { connection, defaultJobOptions: { attempts: 2 } })
      return {
        handOff: (sealing) => bullmqHandOff(queue, sealing),
        work: async (handlers, options) => {
          const processor = bullmqProcessor(handlers, options)
          const worker = new (library.Worker as typeof Worker)(name, processor, { connection })
          await worker.waitUntilReady()
          return () => worker.close()
        },
        count: async () => {
          const counts = await queue.getJobCounts()
          return Object.values(counts).reduce((sum, count) => sum + count, 0)
        },
        failures: async () => (await queue.getFailed()).map(({ failedReason }) => failedReason),
        deadLetters: (sealing) => deadLetters(queue, sealing),
        redrive: (ids) => redrive(queue, ids),
        close: () => queue.close(),
      }
    },
  })
}

describe.skipIf(skip)('as every hand-off', () => {
  beforeAll(start)
  afterAll(stop)

  handOffSuite({
    name: 'bullmqHandOff',
    open: async () => {
      const connection = { host: '127.0.0.1', port: server.port }
      const queue = new Queue(`deliveries-${queues++}`, { connection, defaultJobOptions: { attempts: 2 } })
      return {
        handOff: bullmqHandOff(queue, sealing),
        work: async (handler) => {
          const worker = new Worker(queue.name, bullmqProcessor(handler, sealing), { connection })
          return () => worker.close()
        },
        everythingStored,
        close: () => queue.close(),
      }
    },
  })
})

describe.skipIf(skip)('a job of bullmqHandOff', () => {
  beforeAll(start)
  afterAll(stop)

  const open = () =>
    new Queue(`deliveries-${queues++}`, {
      connection: { host: '127.0.0.1', port: server.port },
      // Failed jobs would be gone; the attempts are the queue's to decide.
      defaultJobOptions: { removeOnFail: true, attempts: 5 },
    })

  it('is named by the event type, and kept as long as the provider may send again', async () => {
    const queue = open()
    await receiverOf(bullmqHandOff(queue, sealing))('evt_1')
    const [job] = await queue.getJobs()
    assert(job !== undefined)
    expect(job.name).toBe('mailbox.created')
    expect(job.id).toMatch(/^[0-9a-f]{64}$/)
    expect(job.opts).toMatchObject({ attempts: 5, removeOnComplete: { age: 601 }, removeOnFail: false })
    await queue.close()
  })

  it('is kept longer where that is wanted, and never shorter', async () => {
    for (const [keepMs, age] of [
      [3_600_000, 3_600],
      [1_000, 601],
    ]) {
      const queue = open()
      await receiverOf(bullmqHandOff(queue, { ...sealing, keepMs }))('evt_1')
      const [job] = await queue.getJobs()
      expect(job?.opts.removeOnComplete).toEqual({ age })
      await queue.close()
    }
  })

  it('is not tried a second time when it does not open', async () => {
    const queue = open()
    await receiverOf(bullmqHandOff(queue, { sealingKeys: [new Uint8Array(32).fill(1)] }))('evt_1')
    const worker = new Worker(queue.name, bullmqProcessor({}, sealing), { connection: queue.opts.connection })
    await vi.waitFor(async () => expect(await queue.getFailedCount()).toBe(1), 5_000)
    expect(await queue.getFailed()).toMatchObject([{ attemptsMade: 1 }])
    await worker.close()
    await queue.close()
  })
})

describe.skipIf(skip)('while Redis is away', () => {
  /** A server that may be stopped, and a queue on it. */
  async function setUp(connection: object = {}) {
    const redis = await (await PrivateRedis.create()).start()
    onTestFinished(() => redis.stop())
    const queue = new Queue('deliveries', {
      connection: { host: '127.0.0.1', port: redis.port, retryStrategy: () => 50, ...connection },
    })
    // As an application would log it.
    queue.on('error', () => {})
    onTestFinished(() => queue.close())
    await queue.waitUntilReady()
    return { redis, queue, send: receiverOf(bullmqHandOff(queue, sealing), { handOffTimeoutMs: 300 }) }
  }
  const soon = { timeout: 10_000, interval: 100 }

  for (const enableOfflineQueue of [true, false]) {
    const how = enableOfflineQueue ? 'with' : 'without'
    it(`deliveries are answered 503, and queued once after it, ${how} the client's offline queue`, async () => {
      const { redis, queue, send } = await setUp({ enableOfflineQueue })
      expect(await send('evt_1')).toBe(QUEUED)
      await redis.stop()
      expect(await send('evt_2')).toBe(REFUSED)
      expect(await send('evt_2')).toBe(REFUSED)

      await redis.start()
      await vi.waitFor(async () => expect(await send('evt_2')).toBe(QUEUED), soon)
      expect(await send('evt_2')).toBe(DUPLICATE)
      expect(await queue.getJobCountByTypes('waiting')).toBe(1)
    })
  }

  it('a delivery that Redis took after its time is the same job as its repetition', async () => {
    const { redis, queue, send } = await setUp()
    redis.freeze()
    expect(await send('evt_1')).toBe(REFUSED)
    redis.resume()
    await vi.waitFor(async () => expect(await queue.getJobCountByTypes('waiting')).toBe(1), soon)
    expect(await send('evt_1')).toBe(QUEUED)
    expect(await queue.getJobCountByTypes('waiting')).toBe(1)
  })
})

describe('at start', () => {
  const queue = { add: async () => {} }
  it.each([
    ['no queue', () => bullmqHandOff(undefined as never, sealing), /pass the Queue of BullMQ/],
    ['no word about sealing', () => bullmqHandOff(queue, {}), /bullmqHandOff: .*sealingKeys.*plaintext: true/],
    ['no options', () => bullmqHandOff(queue, undefined as never), /sealingKeys/],
    ['no length of time', () => bullmqHandOff(queue, { ...sealing, keepMs: Number.NaN }), /keepMs must be a number/],
    [
      'a misspelt option',
      () => bullmqHandOff(queue, { ...sealing, keepms: 1 } as never),
      /bullmqHandOff: there is no option keepms; do you mean keepMs\?/,
    ],
    [
      'a misspelt option of the worker',
      () => bullmqProcessor({}, { sealingKey: [] } as never),
      /bullmqProcessor: there is no option sealingKey; do you mean sealingKeys\?/,
    ],
    [
      'a worker whose handlers were forgotten',
      () => bullmqProcessor(sealing as never, undefined as never),
      /bullmqProcessor: pass the handlers first, .* and then the options/,
    ],
    ['a worker without a word', () => bullmqProcessor({}, {}), /bullmqProcessor: .*sealingKeys.*plaintext: true/],
  ])('%s is refused', (_what, create, message) => {
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })
})
