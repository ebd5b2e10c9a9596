import { bullmqHandOff, bullmqProcessor } from '@mailbox-hooks/bullmq'
import { type DedupStore, type HandOff, memoryStore } from '@mailbox-hooks/core'
import { redisStore } from '@mailbox-hooks/core/redis'
import { postgresStore } from '@mailbox-hooks/core/sql'
import { pgBossHandOff, pgBossProcessor } from '@mailbox-hooks/pg-boss'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import PgBoss from 'pg-boss'

export type Step = 'memory' | 'Redis' | 'PostgreSQL' | 'Redis, BullMQ' | 'PostgreSQL, pg-boss'

export const STEPS: readonly Step[] = ['memory', 'Redis', 'PostgreSQL', 'Redis, BullMQ', 'PostgreSQL, pg-boss']

interface OpenStep {
  readonly store: DedupStore
  readonly handOff?: HandOff
  /** Starts workers. */
  readonly work?: (handler: () => Promise<void>) => Promise<unknown>
  close(): Promise<unknown>
}

const { REDIS_URL = 'redis://127.0.0.1:6379', POSTGRES_URL = 'postgres://root@127.0.0.1:5432/test' } = process.env
const name = `mailbox_hooks_bench_${process.pid}`
const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }
const JOBS_AT_A_TIME = 50

const OPEN: Readonly<Record<Step, () => Promise<OpenStep>>> = {
  memory: async () => ({ store: memoryStore({ maxKeys: 1_000_000 }), close: async () => {} }),

  Redis: async () => {
    const client = new Redis(REDIS_URL)
    return { store: redisStore(client), close: () => client.quit() }
  },

  PostgreSQL: async () => {
    const { store, pool } = await openPostgres()
    return { store, close: () => dropPostgres(pool) }
  },

  'Redis, BullMQ': async () => {
    const client = new Redis(REDIS_URL, { maxRetriesPerRequest: null })
    const queue = new Queue(name, { connection: client })
    const settings = { connection: client, concurrency: JOBS_AT_A_TIME }
    let worker: Worker | undefined
    return {
      store: redisStore(client),
      handOff: bullmqHandOff(queue, sealing),
      work: async (handler) => {
        worker = new Worker(name, bullmqProcessor({ otherwise: handler }, sealing), settings)
      },
      close: async () => {
        await worker?.close()
        await queue.obliterate({ force: true })
      },
    }
  },

  'PostgreSQL, pg-boss': async () => {
    const { store, pool } = await openPostgres()
    const boss = new PgBoss({ connectionString: POSTGRES_URL, schema: name })
    await boss.start()
    await boss.createQueue(name, { name })
    const processor = (handler: () => Promise<void>) => pgBossProcessor({ otherwise: handler }, { boss, ...sealing })
    return {
      store,
      handOff: pgBossHandOff(boss, name, { pool, ...sealing }),
      work: (handler) =>
        boss.work(name, { batchSize: JOBS_AT_A_TIME, pollingIntervalSeconds: 0.5 }, processor(handler)),
      close: async () => {
        await boss.stop({ graceful: false, wait: true })
        await dropPostgres(pool)
      },
    }
  },
}

export const openStep = (step: Step): Promise<OpenStep> => OPEN[step]()

/** The store with a pool of its own, and one for transactions, both in a schema of this process. */
async function openPostgres() {
  const options = { connectionString: POSTGRES_URL, options: `-c search_path=${name}` }
  const pool = new Pool({ ...options, max: 32 })
  await pool.query(`CREATE SCHEMA ${name}`)
  const store = postgresStore(new Pool({ ...options, max: 4 }))
  await store.migrate()
  return { store, pool }
}

const dropPostgres = (pool: Pool) => pool.query(`DROP SCHEMA ${name} CASCADE`)
