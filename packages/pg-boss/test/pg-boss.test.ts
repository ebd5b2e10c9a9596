import { postgresStore, type SqlStore } from '@mailbox-hooks/core/sql'
import { deadLetters, pgBossHandOff, pgBossProcessor, redrive } from '@mailbox-hooks/pg-boss'
import { handOffSuite } from '@mailbox-hooks/testing/suites'
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
        work: async (handlers, options) => {
          const processor = pgBossProcessor(handlers, { boss, ...options })
          await boss.work(queue, { batchSize: 25, pollingIntervalSeconds: 0.5 }, processor)
          return () => boss.offWork(queue)
        },
        count: () => countOf(queue),
        // The type of a column of JSON.
        failures: async () => (await failed()).map(({ output }) => (output as unknown as Error).message),
        // Both forms.
        deadLetters: (sealing) => deadLetters({ boss, queue }, sealing),
        redrive: (ids) => redrive(boss, queue, ids),
        close: async () => {},
      }
    },
  })

  describe.skipIf(skip)(`pg-boss ${version}, as every hand-off`, () => {
    beforeAll(start, 30_000)
    afterAll(stop)

    handOffSuite({
      name: 'pgBossHandOff',
      open: async () => {
        const queue = await createQueue()
        return {
          handOff: pgBossHandOff(boss, queue, sealing),
          work: async (handler) => {
            const processor = pgBossProcessor(handler, { boss, ...sealing })
            await boss.work(queue, { batchSize: 25, pollingIntervalSeconds: 0.5 }, processor)
            return () => boss.offWork(queue)
          },
          everythingStored: async () =>
            JSON.stringify(await rows(`SELECT * FROM ${schema}.job WHERE name = $1`, [queue])),
          close: async () => {},
        }
      },
    })
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

  describe.skipIf(skip)(`dead letters of pg-boss ${version}`, () => {
    beforeAll(start, 30_000)
    afterAll(stop)

    /** A queue whose jobs fail at once, with a dead letter queue. */
    async function setUp() {
      const letters = await createQueue()
      const queue = `${letters}-source`
      await boss.createQueue(queue, { name: queue, retryLimit: 0, deadLetter: letters })
      const send = receiverOf(pgBossHandOff(boss, queue, sealing))
      const run = async (handler: (id: string) => unknown, options = {}) => {
        const processor = pgBossProcessor(({ id }) => handler(id), { boss, ...sealing, ...options })
        const end = boss.work(queue, { batchSize: 5, pollingIntervalSeconds: 0.5 }, processor)
        await end
        return () => boss.offWork(queue)
      }
      const list = (name: string) => deadLetters(boss, name, sealing)
      return { letters, queue, send, run, list }
    }

    it('keep their own error each, in a batch where one succeeds', async () => {
      const { queue, send, run, list } = await setUp()
      for (const id of ['first', 'second', 'good']) expect(await send(id)).toBe(QUEUED)
      const stop = await run((id) => (id.endsWith('good') ? 1 : Promise.reject(new RangeError(`of ${id}`))))
      await vi.waitFor(async () => expect(await list(queue)).toHaveLength(2), 10_000)
      await stop()
      const told = (await list(queue)).map(({ id, error }) => [id, error])
      expect(told.sort()).toEqual([
        ['cold-mail-reseller:first', { name: 'RangeError', message: 'of cold-mail-reseller:first' }],
        ['cold-mail-reseller:second', { name: 'RangeError', message: 'of cold-mail-reseller:second' }],
      ])
    })

    it('of a queue leave its dead letter queue when they are redriven', async () => {
      const { letters, queue, send, run, list } = await setUp()
      expect(await send('evt_1')).toBe(QUEUED)
      let handler = (): Promise<unknown> => Promise.reject(new Error('x'))
      const stop = await run(() => handler())
      await vi.waitFor(async () => expect(await list(letters)).toHaveLength(1), 10_000)
      const seen = vi.fn(async () => {})
      handler = seen
      expect(await redrive(boss, queue, 'all')).toBe(1)
      await vi.waitFor(() => expect(seen).toHaveBeenCalledTimes(1), 10_000)
      await stop()
      expect([await list(letters), await list(queue)]).toEqual([[], []])
      expect(await redrive(boss, letters, 'all')).toBe(0)
    })

    it.each(['with', 'without'])(
      'of a dead letter queue go back to their queue, %s the job they came from',
      async (how) => {
        const { letters, queue, send, run, list } = await setUp()
        expect(await send('evt_1')).toBe(QUEUED)
        let handler = (): Promise<unknown> => Promise.reject(new Error('x'))
        const stop = await run(() => handler())
        await vi.waitFor(async () => expect(await list(letters)).toHaveLength(1), 10_000)
        if (how === 'without') await rows(`DELETE FROM ${schema}.job WHERE name = $1`, [queue])
        const seen = vi.fn(async () => {})
        handler = seen
        const [letter] = await list(letters)
        expect(letter).toMatchObject({ id: 'cold-mail-reseller:evt_1' })
        const counts = await Promise.all([redrive(boss, letters, [letter!.jobId]), redrive(boss, letters, 'all')])
        expect(counts[0] + counts[1]).toBe(1)
        await vi.waitFor(() => expect(seen).toHaveBeenCalledTimes(1), 10_000)
        await stop()
        expect([await list(letters), await list(queue)]).toEqual([[], []])
      },
    )

    it('are found in the archive of version 10, and come back from it', async () => {
      const [archive] = await rows('SELECT to_regclass($1)::text AS name', [`${schema}.archive`])
      if (archive?.name === null) return expect(version).toBeGreaterThan(10)
      const { queue, send, run, list } = await setUp()
      expect(await send('evt_1')).toBe(QUEUED)
      const stop = await run(() => Promise.reject(new Error('x')))
      await vi.waitFor(async () => expect(await list(queue)).toHaveLength(1), 10_000)
      await stop()
      await rows(
        `WITH gone AS (DELETE FROM ${schema}.job WHERE name = $1 RETURNING *)
         INSERT INTO ${schema}.archive SELECT *, now() FROM gone`,
        [queue],
      )
      const [letter] = await list(queue)
      expect(letter).toMatchObject({ id: 'cold-mail-reseller:evt_1', error: { message: 'x' } })
      const seen = vi.fn(async () => {})
      await run(seen)
      expect(await redrive(boss, queue, [letter!.id!])).toBe(1)
      await vi.waitFor(() => expect(seen).toHaveBeenCalledTimes(1), 10_000)
      expect(await list(queue)).toEqual([])
    })

    it('are asked of pg-boss, and of a queue by its name', async () => {
      await expect(deadLetters(undefined as never, 'q', sealing)).rejects.toThrow(/deadLetters: pass the instance/)
      await expect(deadLetters(boss, '', sealing)).rejects.toThrow(/pass the name of the queue/)
      await expect(deadLetters(boss, 'q', { ...sealing, limit: 0 })).rejects.toThrow(/limit must be a whole number/)
      await expect(redrive({ boss, queue: 'q' }, 1 as never)).rejects.toThrow(/pass a list of ids, or 'all'/)
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
