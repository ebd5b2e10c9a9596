import { redrive } from '@mailbox-hooks/pg-boss'
import { describe, expect, it } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { VERSIONS } from './versions.js'
import { nameOf, withoutWorker } from './without-worker.js'

describe.each(titled(VERSIONS, 'version'))('pg-boss %s', (version) => {
  const open = withoutWorker(version)
  const { rows, createQueue, createPair, sendNotFailed, failNext, failed, named, states, jobIdOf } = open

  describe.skipIf(open.skip)('redrive', () => {
    it('gives a failed job one more run, at once', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1')
      await rows("UPDATE $job SET start_after = now() + interval '1 day', retry_count = 5 WHERE name = $1", [queue])
      expect(await redrive(open.boss, queue, 'all')).toBe(1)
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
      expect(await redrive(open.boss, queue, 'all')).toBe(1)
      expect(await rows('SELECT retry_limit FROM $job WHERE name = $1', [queue])).toEqual([{ retry_limit: 10 }])
    })

    it.each(['job', 'delivery'])('finds a job by the id of the %s, and leaves the others', async (whose) => {
      const queue = await createQueue()
      await failed(queue, 'one', 'two')
      const id = whose === 'job' ? await jobIdOf(queue, 'two') : 'cold-mail-reseller:two'
      expect(await redrive({ boss: open.boss, queue }, [id])).toBe(1)
      expect(await states(queue)).toEqual({ one: 'failed', two: 'retry' })
    })

    it('leaves a job alone that waits, runs or is done, and jobs of other queues', async () => {
      const [queue, other] = [await createQueue(), await createQueue()]
      await failed(other, 'failed')
      await sendNotFailed(queue)
      const ids = ['done', 'runs', 'waits'].map((name) => `cold-mail-reseller:${name}`)
      expect(await redrive(open.boss, queue, 'all')).toBe(0)
      expect(await redrive(open.boss, queue, ids)).toBe(0)
      expect(await states(queue)).toEqual({ done: 'completed', runs: 'active', waits: 'created' })
      expect(await states(other)).toEqual({ failed: 'failed' })
    })

    it('puts nothing back if the queue has no job of an id', async () => {
      const queue = await createQueue()
      await failed(queue, 'one')
      await failed(await createQueue(), 'two')
      const ids = ['cold-mail-reseller:one', 'cold-mail-reseller:two']
      const message = `redrive: the queue "${queue}" has no job "cold-mail-reseller:two"`
      await expect(redrive(open.boss, queue, ids)).rejects.toThrow(message)
      expect(await states(queue)).toEqual({ one: 'failed' })
    })

    // A replay of the same entry has a job of its own.
    it('leaves a job failed while another one of its event waits', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1', 'evt_2')
      const data = (await rows('SELECT data FROM $job WHERE id = $1', [await jobIdOf(queue, 'evt_1')]))[0]!.data
      const again = await open.boss.send(queue, data as object)
      expect(await redrive(open.boss, queue, 'all')).toBe(1)
      expect(await named(queue)).toEqual(['evt_1'])
      await open.boss.deleteJob(queue, again!)
      expect(await redrive(open.boss, queue, 'all')).toBe(1)
    })

    it('makes one job of two calls at a time', async () => {
      const queue = await createQueue()
      await failed(queue, 'evt_1')
      const counts = await Promise.all([redrive(open.boss, queue, 'all'), redrive(open.boss, queue, 'all')])
      expect(counts.sort()).toEqual([0, 1])
    })

    it('deletes the copies of what it puts back, and only these, from the dead letter queue', async () => {
      const { letters, queue } = await createPair()
      await failed(queue, 'one', 'two', 'three')
      const running = await open.boss.fetch(letters)
      const runs = nameOf((running[0]!.data as { id: string }).id)
      const [back, left] = ['one', 'two', 'three'].filter((name) => name !== runs)
      expect(await redrive(open.boss, queue, [`cold-mail-reseller:${back}`, `cold-mail-reseller:${runs}`])).toBe(2)
      expect(await states(letters)).toEqual({ [left!]: 'created', [runs]: 'active' })
      expect(await states(queue)).toEqual({ [back!]: 'retry', [runs]: 'retry', [left!]: 'failed' })
    })

    it('puts the originals of a dead letter queue back, and deletes their copies', async () => {
      const { letters, queue } = await createPair()
      await failed(queue, 'one', 'two')
      expect(await redrive(open.boss, letters, ['cold-mail-reseller:one'])).toBe(1)
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
      expect(await redrive(open.boss, letters, ['cold-mail-reseller:one'])).toBe(1)
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
      expect(await redrive(open.boss, letters, 'all')).toBe(0)
      expect([await states(letters), await states(queue)]).toEqual([{}, { one: 'completed' }])
    })

    it('refuses copies without originals in a dead letter queue of several queues', async () => {
      const { letters, queue } = await createPair()
      const second = await createQueue({ deadLetter: letters })
      await failed(queue, 'one')
      await failed(second, 'two')
      await rows('DELETE FROM $job WHERE name = $1', [queue])
      const message = `redrive: the jobs that "${letters}" was given are deleted, and it serves several queues.`
      await expect(redrive(open.boss, letters, ['cold-mail-reseller:one'])).rejects.toThrow(message)
      expect(await redrive(open.boss, letters, ['cold-mail-reseller:two'])).toBe(1)
      expect([await states(letters), await states(second)]).toEqual([{ one: 'created' }, { two: 'retry' }])
    })

    it('leaves a queue without dead letters as it is', async () => {
      const { letters } = await createPair()
      expect(await redrive(open.boss, letters, 'all')).toBe(0)
    })
  })
})
