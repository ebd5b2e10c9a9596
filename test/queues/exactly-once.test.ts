import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bullmqHandOff } from '@mailbox-hooks/bullmq'
import { type HandOff, memoryStore, type Outcome } from '@mailbox-hooks/core'
import { postgresStore } from '@mailbox-hooks/core/sql'
import { postgresJournal } from '@mailbox-hooks/journal'
import { pgBossHandOff } from '@mailbox-hooks/pg-boss'
import { Queue } from 'bullmq'
import { Pool } from 'pg'
import PgBoss from 'pg-boss'
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { hasRedisServer, PrivateRedis } from '../servers/private-redis.js'
import { findPostgres, runName } from '../servers/services.js'
import { buildWorker, PLACES, startWorker, type WorkerSettings } from './exactly-once.js'
import { QUEUED, receiverOf } from './sender.js'

const { url: postgresUrl, isAbsent } = await findPostgres()
const skip = isAbsent || !hasRedisServer()
const key = randomBytes(32).toString('base64')
const sealing = { sealingKeys: [key] }
/** The lease of a dead worker ends after 15 s. */
const within = { timeout: 50_000, interval: 100 }

/** A queue of its own on each server, and what the test puts into it. */
async function openQueue(
  kind: WorkerSettings['queue'],
  schema: string,
  redis: PrivateRedis,
  onTestFinished: (end: () => Promise<void>) => void,
): Promise<HandOff> {
  if (kind === 'bullmq') {
    const connection = { host: '127.0.0.1', port: redis.port }
    const queue = new Queue(schema, { connection, defaultJobOptions: { attempts: 30 } })
    onTestFinished(() => queue.close())
    return bullmqHandOff(queue, sealing)
  }
  const boss = new PgBoss({ connectionString: postgresUrl, schema })
  boss.on('error', () => {})
  await boss.start()
  onTestFinished(() => boss.stop({ graceful: false, wait: true }))
  await boss.createQueue('deliveries', { name: 'deliveries', retryLimit: 30, expireInSeconds: 5 })
  return pgBossHandOff(boss, 'deliveries', sealing)
}

describe.skipIf(skip)('a worker that is killed', { timeout: 90_000 }, () => {
  let folder: string
  let redis: PrivateRedis

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exactly-once-'))
    await buildWorker(folder)
    redis = await (await PrivateRedis.create()).start()
  })
  afterAll(async () => {
    await redis?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const cases = (['bullmq', 'pg-boss'] as const).flatMap((queue) =>
    (['journal', 'store'] as const).flatMap((by) => PLACES.map((dieAt) => ({ queue, by, dieAt }))),
  )

  for (const { queue, by, dieAt } of cases) {
    const title = `${queue}, ${by}: writes once what it writes in its transaction, killed ${dieAt}`
    it.concurrent(title, async ({ expect, onTestFinished }) => {
      const schema = runName()
      const pool = new Pool({ connectionString: postgresUrl, options: `-c search_path=${schema}`, max: 4 })
      await pool.query(`CREATE SCHEMA ${schema}`)
      await pool.query('CREATE TABLE orders (event_id text NOT NULL)')
      const journal = by === 'journal' ? postgresJournal(pool, sealing) : undefined
      await journal?.migrate()
      await postgresStore(pool).migrate()
      const handOff = await openQueue(queue, schema, redis, onTestFinished)
      expect(await receiverOf(handOff, { store: memoryStore(), ...(journal && { journal }) })('evt_1')).toBe(QUEUED)

      const settings = { queue, by, schema, postgresUrl, redisUrl: redis.url, key }
      const [, signal] = await once(startWorker(folder, { ...settings, dieAt }), 'exit')
      expect(signal).toBe('SIGKILL')
      const outcomes: Pick<Outcome, 'kind' | 'error'>[] = []
      const next = startWorker(folder, { ...settings, dieAt: undefined }, (outcome) => outcomes.push(outcome))
      const expected = dieAt === 'before the commit' ? 'handled' : 'duplicate'
      await vi.waitFor(() => expect(outcomes.map(({ kind }) => kind)).toContain(expected), within)
      next.kill('SIGKILL')
      await once(next, 'exit')

      const { rows } = await pool.query('SELECT event_id FROM orders')
      expect(rows).toEqual([{ event_id: 'cold-mail-reseller:evt_1' }])
      if (journal !== undefined) {
        expect(await journal.entry('cold-mail-reseller:evt_1')).toMatchObject({ state: 'handled' })
      }
      await pool.query(`DROP SCHEMA ${schema} CASCADE`)
      await pool.end()
    })
  }
})
