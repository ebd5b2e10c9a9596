import { bullmqHandOff, bullmqProcessor, redrive as redriveBullmq } from '@mailbox-hooks/bullmq'
import type { HandOff, Outcome } from '@mailbox-hooks/core'
import type { WorkerOptions } from '@mailbox-hooks/core/queue'
import { traceDeliveries } from '@mailbox-hooks/opentelemetry'
import { pgBossHandOff, pgBossProcessor, redrive as redrivePgBoss } from '@mailbox-hooks/pg-boss'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { Queue, Worker } from 'bullmq'
import { Pool } from 'pg'
import PgBoss from 'pg-boss'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { hasRedisServer, PrivateRedis } from '../servers/private-redis.js'
import { findPostgres, runName } from '../servers/services.js'
import { QUEUED, receiverOf } from './sender.js'

const { url, isAbsent } = await findPostgres()
const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }
const soon = { timeout: 15_000, interval: 50 }

interface TracedQueue {
  readonly handOff: HandOff
  work(handler: () => unknown, options: WorkerOptions): Promise<unknown>
  redrive(): Promise<number>
}

const QUEUES: Record<string, { skip: boolean; open: () => Promise<TracedQueue> }> = {
  'Redis, with BullMQ': {
    skip: !hasRedisServer(),
    open: async () => {
      const redis = await (await PrivateRedis.create()).start()
      onTestFinished(() => redis.stop())
      const connection = { host: '127.0.0.1', port: redis.port }
      const queue = new Queue('deliveries', { connection })
      onTestFinished(() => queue.close())
      return {
        handOff: bullmqHandOff(queue, sealing),
        work: async (handler, options) => {
          const worker = new Worker('deliveries', bullmqProcessor(handler, options), { connection })
          onTestFinished(() => worker.close())
        },
        redrive: () => redriveBullmq(queue, 'all'),
      }
    },
  },
  'PostgreSQL, with pg-boss': {
    skip: isAbsent,
    open: async () => {
      const schema = runName()
      const boss = new PgBoss({ connectionString: url, schema })
      boss.on('error', () => {})
      await boss.start()
      onTestFinished(async () => {
        await boss.stop({ graceful: false, wait: true })
        const pool = new Pool({ connectionString: url })
        await pool.query(`DROP SCHEMA ${schema} CASCADE`)
        await pool.end()
      })
      await boss.createQueue('deliveries', { name: 'deliveries', retryLimit: 0 })
      return {
        handOff: pgBossHandOff(boss, 'deliveries', sealing),
        work: (handler, options) =>
          boss.work('deliveries', { pollingIntervalSeconds: 0.5 }, pgBossProcessor(handler, { boss, ...options })),
        redrive: () => redrivePgBoss(boss, 'deliveries', 'all'),
      }
    },
  },
}

describe.each(Object.entries(QUEUES))('a delivery through %s', (_name, { skip, open }) => {
  it.skipIf(skip)(
    'has one trace: from the receiver to the end of the worker, its failure and its redrive',
    async () => {
      const spans = new InMemorySpanExporter()
      const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
      const observer = traceDeliveries({ tracerProvider })
      const queue = await open()
      expect(await receiverOf(queue.handOff, { observer })('evt_1')).toBe(QUEUED)
      let handler = (): unknown => Promise.reject(new Error('away'))
      const outcomes: Outcome['kind'][] = []
      const onOutcome = ({ kind }: Outcome) => outcomes.push(kind)
      await queue.work(() => handler(), { ...sealing, observer, onOutcome })
      await vi.waitFor(() => expect(outcomes).toEqual(['dead']), soon)
      handler = () => undefined
      await vi.waitFor(async () => expect(await queue.redrive()).toBe(1), soon)
      await vi.waitFor(() => expect(outcomes).toEqual(['dead', 'handled']), soon)

      const all = spans.getFinishedSpans()
      expect(new Set(all.map((span) => span.spanContext().traceId)).size).toBe(1)
      const handOff = all.find(({ name }) => name === 'hand-off')!
      const runs = all.filter(({ parentSpanContext }) => parentSpanContext?.spanId === handOff.spanContext().spanId)
      expect(runs.map(({ attributes }) => attributes['mailbox_hooks.outcome'])).toEqual(['dead', 'handled'])
      const received = all.find(({ attributes }) => attributes['mailbox_hooks.outcome'] === 'queued')!
      expect(handOff.parentSpanContext?.spanId).toBe(received.spanContext().spanId)
    },
  )
})
