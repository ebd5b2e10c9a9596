import { deadLetters, pgBossHandOff, redrive } from '@mailbox-hooks/pg-boss'
import { Pool } from 'pg'
import type PgBoss from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUEUED, receiverOf } from '../../../test/queues/sender.js'
import { findPostgres, runName } from '../../../test/servers/services.js'
import { titled } from '../../testing/src/titled.js'
import { VERSIONS } from './versions.js'

// Without workers, whose polling takes most of the time of the queue suite.

const { url, isAbsent } = await findPostgres()
const SEALING = { sealingKeys: [new Uint8Array(32).fill(7)] }
const pool = isAbsent ? undefined : new Pool({ connectionString: url, max: 2 })
afterAll(() => pool?.end())

/** The end of the id of a delivery, by which a test knows an event. */
const nameOf = (id: unknown) => String(id).replace('cold-mail-reseller:', '')

describe.each(titled(VERSIONS, 'version'))('pg-boss %s', ({ version, create, isRunnable }) => {
  const schema = runName()
  const skip = isAbsent || !isRunnable
  let boss: PgBoss
  let queues = 0

  beforeAll(async () => {
    if (skip) return
    const options = { connectionString: url, schema, supervise: false, schedule: false, max: 2 }
    boss = await create(options)
    await boss.start()
  }, 30_000)
  afterAll(async () => {
    if (skip) return
    await boss.stop({ graceful: false, wait: true })
    await rows(`DROP SCHEMA ${schema} CASCADE`)
  })

  async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await pool!.query(sql.replaceAll('$job', `${schema}.job`), values)).rows
  }

  async function createQueue(options: object = {}): Promise<string> {
    const name = `queue-${queues++}`
    await boss.createQueue(name, { name, retryLimit: 0, ...options })
    return name
  }

  /** A queue, and the dead letter queue into which pg-boss copies its failed jobs. */
  async function createPair() {
    const letters = await createQueue()
    return { letters, queue: await createQueue({ deadLetter: letters }) }
  }

  async function send(queue: string, ...names: string[]): Promise<void> {
    const deliver = receiverOf(pgBossHandOff(boss, queue, SEALING))
    for (const name of names) expect(await deliver(name)).toBe(QUEUED)
  }

  /** Fails the next job of a queue, as a worker would. */
  async function failNext(queue: string, output: object = new Error('down')): Promise<string> {
    const [job] = await boss.fetch(queue)
    await boss.fail(queue, job!.id, output)
    return job!.id
  }

  async function failed(queue: string, ...names: string[]): Promise<void> {
    await send(queue, ...names)
    for (const _ of names) await failNext(queue)
  }

  const list = async (queue: string, options: object = {}) => deadLetters(boss, queue, { ...SEALING, ...options })
  const named = async (queue: string) => (await list(queue)).map(({ id }) => nameOf(id)).sort()

  /** The states of a queue's jobs by their events. */
  async function states(queue: string): Promise<Record<string, unknown>> {
    const found = await rows(`SELECT data->>'id' AS id, state::text FROM $job WHERE name = $1`, [queue])
    return Object.fromEntries(found.map(({ id, state }) => [nameOf(id), state]))
  }

  async function jobIdOf(queue: string, name: string): Promise<string> {
    const [row] = await rows(`SELECT id FROM $job WHERE name = $1 AND data->>'id' LIKE '%' || $2`, [queue, name])
    return String(row?.id)
  }

  describe.skipIf(skip)('deadLetters', () => {
    it('has the failed jobs of this queue alone, and none that waits, runs or is done', async () => {
      const queue = await createQueue()
      await failed(await createQueue(), 'elsewhere')
      await failed(queue, 'failed')
      await send(queue, 'done', 'runs')
      const [job] = await boss.fetch(queue)
      await boss.complete(queue, job!.id)
      await boss.fetch(queue)
      await send(queue, 'waits')
      expect(await states(queue)).toEqual({ failed: 'failed', done: 'completed', runs: 'active', waits: 'created' })
      expect(await named(queue)).toEqual(['failed'])
    })

    it('has the newest first, up to the limit', async () => {
      const queue = await createQueue()
      await failed(queue, 'first', 'second', 'third')
      for (const [name, day] of Object.entries({ second: 2, first: 1, third: 3 })) {
        const values = [await jobIdOf(queue, name), `2026-01-0${day}`]
        await rows('UPDATE $job SET completed_on = $2 WHERE id = $1', values)
      }
      expect((await list(queue)).map(({ id }) => nameOf(id))).toEqual(['third', 'second', 'first'])
      expect((await list(queue, { limit: 2 })).map(({ id }) => nameOf(id))).toEqual(['third', 'second'])
      expect((await list(queue))[0]).toMatchObject({ attempts: 1, failedAt: new Date('2026-01-03') })
    })

    it.each<[string, object, object | undefined]>([
      ['an error', new RangeError('too far'), { name: 'RangeError', message: 'too far' }],
      ['an object with a message', { message: 'no name' }, { message: 'no name' }],
      ['an object with another name', { name: 7, message: 'a number' }, { message: 'a number' }],
      ['an error below value', { value: { message: 'below' } }, { message: 'below' }],
      ['no message', { reason: 'unknown' }, undefined],
      ['a message that is no text', { message: 7 }, undefined],
    ])('tells the output of a job: %s', async (_what, output, error) => {
      const queue = await createQueue()
      await send(queue, 'evt_1')
      const id = await failNext(queue)
      await rows('UPDATE $job SET output = $2 WHERE id = $1', [
        id,
        JSON.stringify(output, ['name', 'message', 'value', 'reason']),
      ])
      if (output instanceof Error)
        await rows('UPDATE $job SET output = $2 WHERE id = $1', [id, { name: output.name, message: output.message }])
      const [letter] = await list(queue)
      expect(letter?.error).toEqual(error)
    })

    it('tells a job without any output', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1')
      await rows('UPDATE $job SET output = NULL WHERE name = $1', [queue])
      const [letter] = await list(queue)
      expect(letter).not.toHaveProperty('error')
    })

    it('has the jobs that wait in a dead letter queue, and none that runs', async () => {
      const { letters, queue } = await createPair()
      await failed(queue, 'one', 'two')
      expect(await named(letters)).toEqual(['one', 'two'])
      expect((await list(letters))[0]).not.toHaveProperty('failedAt')
      await boss.fetch(letters)
      expect(await named(letters)).toHaveLength(1)
    })
  })

  describe.skipIf(skip)('redrive', () => {
    it('gives a failed job one more run, at once', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1')
      await rows("UPDATE $job SET start_after = now() + interval '1 day', retry_count = 5 WHERE name = $1", [queue])
      expect(await redrive(boss, queue, 'all')).toBe(1)
      expect(await states(queue)).toEqual({ evt_1: 'retry' })
      const [row] = await rows('SELECT retry_limit, completed_on FROM $job WHERE name = $1', [queue])
      expect(row).toEqual({ retry_limit: 6, completed_on: null })
      await failNext(queue)
      expect(await states(queue)).toEqual({ evt_1: 'failed' })
    })

    it('never lowers the limit of a job that failed before its last attempt', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1')
      await rows('UPDATE $job SET retry_limit = 9 WHERE name = $1', [queue])
      expect(await redrive(boss, queue, 'all')).toBe(1)
      expect(await rows('SELECT retry_limit FROM $job WHERE name = $1', [queue])).toEqual([{ retry_limit: 10 }])
    })

    it.each(['job', 'delivery'])('finds a job by the id of the %s, and leaves the others', async (whose) => {
      const queue = await createQueue()
      await failed(queue, 'one', 'two')
      const id = whose === 'job' ? await jobIdOf(queue, 'two') : 'cold-mail-reseller:two'
      expect(await redrive({ boss, queue }, [id])).toBe(1)
      expect(await states(queue)).toEqual({ one: 'failed', two: 'retry' })
    })

    it('leaves a job alone that waits, runs or is done, and jobs of other queues', async () => {
      const [queue, other] = [await createQueue(), await createQueue()]
      await failed(other, 'failed')
      await send(queue, 'done', 'runs')
      const [job] = await boss.fetch(queue)
      await boss.complete(queue, job!.id)
      await boss.fetch(queue)
      await send(queue, 'waits')
      const ids = ['done', 'runs', 'waits'].map((name) => `cold-mail-reseller:${name}`)
      expect(await redrive(boss, queue, 'all')).toBe(0)
      expect(await redrive(boss, queue, ids)).toBe(0)
      expect(await states(queue)).toEqual({ done: 'completed', runs: 'active', waits: 'created' })
      expect(await states(other)).toEqual({ failed: 'failed' })
    })

    it('puts nothing back if the queue has no job of an id', async () => {
      const queue = await createQueue()
      await failed(queue, 'one')
      await failed(await createQueue(), 'two')
      const ids = ['cold-mail-reseller:one', 'cold-mail-reseller:two']
      const message = `redrive: the queue "${queue}" has no job "cold-mail-reseller:two"`
      await expect(redrive(boss, queue, ids)).rejects.toThrow(message)
      expect(await states(queue)).toEqual({ one: 'failed' })
    })

    // A replay of the same entry has a job of its own.
    it('leaves a job failed while another one of its event waits', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1', 'evt_2')
      const data = (await rows('SELECT data FROM $job WHERE id = $1', [await jobIdOf(queue, 'evt_1')]))[0]!.data
      const again = await boss.send(queue, data as object)
      expect(await redrive(boss, queue, 'all')).toBe(1)
      expect(await named(queue)).toEqual(['evt_1'])
      await boss.deleteJob(queue, again!)
      expect(await redrive(boss, queue, 'all')).toBe(1)
    })

    it('makes one job of two calls at a time', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1')
      const counts = await Promise.all([redrive(boss, queue, 'all'), redrive(boss, queue, 'all')])
      expect(counts.sort()).toEqual([0, 1])
    })

    it('deletes the copies of what it puts back, and only these, from the dead letter queue', async () => {
      const { letters, queue } = await createPair()
      await failed(queue, 'one', 'two', 'three')
      const running = await boss.fetch(letters)
      const runs = nameOf((running[0]!.data as { id: string }).id)
      const [back, left] = ['one', 'two', 'three'].filter((name) => name !== runs)
      expect(await redrive(boss, queue, [`cold-mail-reseller:${back}`, `cold-mail-reseller:${runs}`])).toBe(2)
      expect(await states(letters)).toEqual({ [left!]: 'created', [runs]: 'active' })
      expect(await states(queue)).toEqual({ [back!]: 'retry', [runs]: 'retry', [left!]: 'failed' })
    })

    it('puts the originals of a dead letter queue back, and deletes their copies', async () => {
      const { letters, queue } = await createPair()
      await failed(queue, 'one', 'two')
      expect(await redrive(boss, letters, ['cold-mail-reseller:one'])).toBe(1)
      expect([await states(letters), await states(queue)]).toEqual([
        { two: 'created' },
        { one: 'retry', two: 'failed' },
      ])
    })

    it('sends a copy to the queue that it came from, under its id, where the original is gone', async () => {
      const { letters, queue } = await createPair()
      await failed(queue, 'one', 'two')
      const id = await jobIdOf(letters, 'one')
      await rows(`DELETE FROM $job WHERE name = $1 AND data->>'id' LIKE '%one'`, [queue])
      expect(await redrive(boss, letters, ['cold-mail-reseller:one'])).toBe(1)
      expect([await states(letters), await states(queue)]).toEqual([
        { two: 'created' },
        { one: 'created', two: 'failed' },
      ])
      expect(await jobIdOf(queue, 'one')).toBe(id)
    })

    it('deletes a copy whose original was put back by other means, and makes no second job', async () => {
      const { letters, queue } = await createPair()
      await failed(queue, 'one')
      await rows("UPDATE $job SET state = 'completed' WHERE name = $1", [queue])
      expect(await redrive(boss, letters, 'all')).toBe(0)
      expect([await states(letters), await states(queue)]).toEqual([{}, { one: 'completed' }])
    })

    it('refuses copies without originals in a dead letter queue of several queues', async () => {
      const { letters, queue } = await createPair()
      const second = await createQueue({ deadLetter: letters })
      await failed(queue, 'one')
      await failed(second, 'two')
      await rows('DELETE FROM $job WHERE name = $1', [queue])
      const message = `redrive: the jobs that "${letters}" was given are deleted, and it serves several queues.`
      await expect(redrive(boss, letters, ['cold-mail-reseller:one'])).rejects.toThrow(message)
      expect(await redrive(boss, letters, ['cold-mail-reseller:two'])).toBe(1)
      expect([await states(letters), await states(second)]).toEqual([{ one: 'created' }, { two: 'retry' }])
    })

    it('leaves a queue without dead letters as it is', async () => {
      const { letters } = await createPair()
      expect(await redrive(boss, letters, 'all')).toBe(0)
    })
  })

  describe.skipIf(skip || version > 10)('the archive', () => {
    /** Moves the jobs of these events as pg-boss 10 does, with their state. */
    const archive = (queue: string, copied = false) =>
      copied
        ? rows(`INSERT INTO ${schema}.archive SELECT *, now() FROM $job WHERE name = $1`, [queue])
        : rows(
            `WITH gone AS (DELETE FROM $job WHERE name = $1 RETURNING *)
             INSERT INTO ${schema}.archive SELECT *, now() FROM gone`,
            [queue],
          )

    it('is read, too: failed jobs alone, each once', async () => {
      const queue = await createQueue()
      await failed(await createQueue(), 'elsewhere')
      await failed(queue, 'archived')
      await send(queue, 'done')
      const [job] = await boss.fetch(queue)
      await boss.complete(queue, job!.id)
      await archive(queue)
      await failed(queue, 'failed')
      expect(await named(queue)).toEqual(['archived', 'failed'])
      await archive(queue, true)
      expect(await named(queue)).toEqual(['archived', 'failed'])
    })

    it.each(['all', 'one'])('gives its jobs back when %s of them is asked for', async (which) => {
      const queue = await createQueue()
      await failed(queue, 'archived')
      await send(queue, 'done')
      const [job] = await boss.fetch(queue)
      await boss.complete(queue, job!.id)
      const id = await jobIdOf(queue, 'archived')
      await archive(queue)
      expect(await redrive(boss, queue, which === 'all' ? 'all' : ['cold-mail-reseller:archived'])).toBe(1)
      expect(await states(queue)).toEqual({ archived: 'created' })
      expect(await jobIdOf(queue, 'archived')).toBe(id)
      expect(await rows(`SELECT data->>'id' AS id FROM ${schema}.archive WHERE name = $1`, [queue])).toEqual([
        { id: 'cold-mail-reseller:done' },
      ])
    })

    it('gives back no job that is in the queue, too', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1')
      await archive(queue, true)
      await rows("UPDATE $job SET state = 'active' WHERE name = $1", [queue])
      expect(await redrive(boss, queue, 'all')).toBe(0)
      expect(await states(queue)).toEqual({ evt_1: 'active' })
    })
  })
})
