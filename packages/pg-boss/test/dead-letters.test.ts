import { redrive } from '@mailbox-hooks/pg-boss'
import { describe, expect, it } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { VERSIONS } from './versions.js'
import { nameOf, withoutWorker } from './without-worker.js'

describe.each(titled(VERSIONS, 'version'))('pg-boss %s', (version) => {
  const open = withoutWorker(version)
  const { rows, createQueue, createPair, send, sendNotFailed, failNext, failed, list, named, states, jobIdOf } = open

  describe.skipIf(open.skip)('deadLetters', () => {
    it('has the failed jobs of this queue alone, and none that waits, runs or is done', async () => {
      const queue = await createQueue()
      await failed(await createQueue(), 'elsewhere')
      await failed(queue, 'failed')
      await sendNotFailed(queue)
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
      await open.boss.fetch(letters)
      expect(await named(letters)).toHaveLength(1)
    })
  })

  describe.skipIf(open.skip || version.version > 10)('the archive', () => {
    /** Moves the jobs of these events as pg-boss 10 does, with their state. */
    const archive = (queue: string, copied = false) =>
      copied
        ? rows(`INSERT INTO ${open.schema}.archive SELECT *, now() FROM $job WHERE name = $1`, [queue])
        : rows(
            `WITH gone AS (DELETE FROM $job WHERE name = $1 RETURNING *)
             INSERT INTO ${open.schema}.archive SELECT *, now() FROM gone`,
            [queue],
          )

    it('is read, too: failed jobs alone, each once', async () => {
      const queue = await createQueue()
      await failed(await createQueue(), 'elsewhere')
      await failed(queue, 'archived')
      await send(queue, 'done')
      const [job] = await open.boss.fetch(queue)
      await open.boss.complete(queue, job!.id)
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
      const [job] = await open.boss.fetch(queue)
      await open.boss.complete(queue, job!.id)
      const id = await jobIdOf(queue, 'archived')
      await archive(queue)
      expect(await redrive(open.boss, queue, which === 'all' ? 'all' : ['cold-mail-reseller:archived'])).toBe(1)
      expect(await states(queue)).toEqual({ archived: 'created' })
      expect(await jobIdOf(queue, 'archived')).toBe(id)
      expect(await rows(`SELECT data->>'id' AS id FROM ${open.schema}.archive WHERE name = $1`, [queue])).toEqual([
        { id: 'cold-mail-reseller:done' },
      ])
    })

    it('gives back no job that is in the queue, too', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1')
      await archive(queue, true)
      await rows("UPDATE $job SET state = 'active' WHERE name = $1", [queue])
      expect(await redrive(open.boss, queue, 'all')).toBe(0)
      expect(await states(queue)).toEqual({ evt_1: 'active' })
    })
  })
})
