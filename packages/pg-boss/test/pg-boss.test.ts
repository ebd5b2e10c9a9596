import { postgresStore, type SqlStore } from '@mailbox-hooks/core/sql'
import { pgBossHandOff, pgBossProcessor } from '@mailbox-hooks/pg-boss'
import { Pool } from 'pg'
import type PgBoss from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { queueSuite } from '../../../test/queues/queue-suite.js'
import { DUPLICATE, QUEUED, REFUSED, receiverOf } from '../../../test/queues/sender.js'
import { findPostgres, runName } from '../../../test/servers/services.js'
import { brokenAfter, brokenAt, heldAt } from './troubled-pool.js'
import { VERSIONS } from './versions.js'

const { url, isAbsent } = await findPostgres()
const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }
const pool = isAbsent ? undefined : new Pool({ connectionString: url })
afterAll(() => pool?.end())

async function rows(sql: string, params: unknown[] = []): Promise<Record<string, string>[]> {
  return (await pool!.query(sql, params)).rows
}

for (const { version, create, isRunnable } of VERSIONS) {
  const schema = runName()
  const skip = isAbsent || !isRunnable
  let boss: PgBoss
  let queues = 0

  const start = async () => {
    boss = await create({ connectionString: url, schema })
    await boss.start()
  }
  const stop = async () => {
    await boss.stop({ graceful: false, wait: true })
    await rows(`DROP SCHEMA ${schema} CASCADE`)
  }
  const createQueue = async () => {
    const name = `deliveries-${queues++}`
    await boss.createQueue(name, { name, retryLimit: 1, retryDelay: 0 })
    return name
  }
  const countOf = async (queue: string) => {
    const [row] = await rows(`SELECT count(*) FROM ${schema}.job WHERE name = $1`, [queue])
    return Number(row!.count)
  }

  queueSuite({
    name: `pg-boss ${version}`,
    skip,
    start,
    stop,
    everythingStored: async () => {
      const tables = await rows('SELECT tablename FROM pg_tables WHERE schemaname = $1', [schema])
      const texts = tables.map(({ tablename }) => rows(`SELECT t::text AS text FROM ${schema}.${tablename} t`))
      return (await Promise.all(texts)).flatMap((found) => found.map(({ text }) => text)).join('\n')
    },
    open: async () => {
      const queue = await createQueue()
      const failed = () => rows(`SELECT * FROM ${schema}.job WHERE name = $1 AND state = 'failed'`, [queue])
      return {
        handOff: (sealing) => pgBossHandOff(boss, queue, sealing),
        work: async (handlers, sealing) => {
          const processor = pgBossProcessor(handlers, { boss, ...sealing })
          await boss.work(queue, { batchSize: 25, pollingIntervalSeconds: 0.5 }, processor)
          return () => boss.offWork(queue)
        },
        count: () => countOf(queue),
        // The type of a column of JSON.
        failures: async () => (await failed()).map(({ output }) => (output as unknown as Error).message),
        retryFailed: async () => {
          await boss.retry(
            queue,
            (await failed()).map(({ id }) => id!),
          )
        },
        close: async () => {},
      }
    },
  })

  describe.skipIf(skip)(`pgBossProcessor on pg-boss ${version}`, () => {
    beforeAll(start, 30_000)
    afterAll(stop)

    it('returns failed jobs of a batch when all have ended, because the batch would end restarted ones', async () => {
      const queue = await createQueue()
      const send = receiverOf(pgBossHandOff(boss, queue, sealing))
      for (const id of ['fails', 'succeeds', 'takes_long', 'fails_too']) expect(await send(id)).toBe(QUEUED)
      const states = async () => {
        const found = await rows(`SELECT data->>'id' AS id, state FROM ${schema}.job WHERE name = $1`, [queue])
        return Object.fromEntries(found.map(({ id, state }) => [id!.replace('cold-mail-reseller:', ''), state]))
      }
      let endLong = () => {}
      const long = new Promise<void>((resolve) => {
        endLong = resolve
      })
      const handle = pgBossProcessor(
        {
          otherwise: async ({ id }) => {
            if (id.includes('fails')) throw new Error(`${id} failed`)
            if (id === 'cold-mail-reseller:takes_long') await long
          },
        },
        { boss, ...sealing },
      )
      const batch = handle(await boss.fetch(queue, { batchSize: 4 }))
      const ended = expect(batch).rejects.toThrow(/2 jobs of this batch failed, each with an error of its own/)
      await vi.waitFor(async () => expect(await states()).toMatchObject({ succeeds: 'completed' }))
      expect(await states()).toMatchObject({ fails: 'active', fails_too: 'active', takes_long: 'active' })
      endLong()
      await ended
      expect(await states()).toMatchObject({ fails: 'active', fails_too: 'active', takes_long: 'completed' })
    })
  })

  describe.skipIf(skip)(`pgBossHandOff on pg-boss ${version}`, () => {
    beforeAll(start, 30_000)
    afterAll(stop)

    it('refuses the delivery where the queue is missing, and takes its repetition once the queue is there', async () => {
      const send = receiverOf(pgBossHandOff(boss, 'to-come', sealing))
      expect(await send('evt_1')).toBe(REFUSED)
      await boss.createQueue('to-come', { name: 'to-come' })
      expect(await send('evt_1')).toBe(QUEUED)
      expect(await countOf('to-come')).toBe(1)
    })

    it('refuses the delivery where the policy of the queue takes no second job', async () => {
      await boss.createQueue('short', { name: 'short', policy: 'short' })
      const send = receiverOf(pgBossHandOff(boss, 'short', sealing))
      expect(await send('evt_1')).toBe(QUEUED)
      expect(await send('evt_2')).toBe(REFUSED)
    })

    describe('with the pool of the database in which the store is, too', () => {
      const table = `${schema}_events`
      let store: SqlStore
      beforeAll(async () => {
        store = postgresStore(pool!, { table })
        await store.migrate()
      })
      afterAll(() => rows(`DROP TABLE ${table}, ${table}_entities`))

      const sendTo = (queue: string, client: Pick<Pool, 'connect'> = pool!, options = {}) =>
        receiverOf(pgBossHandOff(boss, queue, { ...sealing, pool: client }), { store, namespace: queue, ...options })

      it('inserts the job and marks the event in one transaction', async () => {
        const queue = await createQueue()
        const send = sendTo(queue)
        expect(await send('evt_1')).toBe(QUEUED)
        expect(await send('evt_1')).toBe(DUPLICATE)
        expect(await countOf(queue)).toBe(1)
      })

      it('leaves neither behind when the process dies before the transaction is committed', async () => {
        const queue = await createQueue()
        expect(await sendTo(queue, brokenAt(pool!, 'COMMIT'))('evt_1')).toBe(REFUSED)
        expect(await countOf(queue)).toBe(0)
        expect(await sendTo(queue)('evt_1')).toBe(QUEUED)
        expect(await countOf(queue)).toBe(1)
      })

      it('acknowledges what was committed although the answer to that was lost', async () => {
        const queue = await createQueue()
        expect(await sendTo(queue, brokenAfter(pool!, 'COMMIT'))('evt_1')).toBe(QUEUED)
        expect(await countOf(queue)).toBe(1)
      })

      it('inserts nothing after its time', async () => {
        const queue = await createQueue()
        const slow = heldAt(pool!, 'BEGIN')
        expect(await sendTo(queue, slow.pool, { handOffTimeoutMs: 100 })('evt_1')).toBe(REFUSED)
        await slow.goOn()
        expect(await countOf(queue)).toBe(0)
        expect(await sendTo(queue)('evt_1')).toBe(QUEUED)
        expect(await countOf(queue)).toBe(1)
      })

      it('has both or neither when the transaction ends after its time', async () => {
        const queue = await createQueue()
        const slow = heldAt(pool!, 'COMMIT')
        const answer = sendTo(queue, slow.pool, { handOffTimeoutMs: 100, storeTimeoutMs: 200 })('evt_1')
        expect(await answer).toBe(REFUSED)
        await slow.goOn()
        expect(await countOf(queue)).toBe(1)
        expect(await sendTo(queue)('evt_1')).toBe(DUPLICATE)
      })
    })
  })
}
