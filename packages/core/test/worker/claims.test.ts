import { type DedupStore, type Journal, memoryJournal, memoryStore } from '@mailbox-hooks/core'
import { memoryJournalStore } from '@mailbox-hooks/core/journal'
import type { QueuedDelivery, WorkerOptions } from '@mailbox-hooks/core/queue'
import { describe, expect, it, vi } from 'vitest'
import { durableJournal, settled } from '../journal/journaled.js'
import { openQueue, startWorker } from './worked.js'

const fail = () => Promise.reject(new Error('The database is away'))

describe('with the journal of the receiver', () => {
  async function queuedIn(journal: Journal) {
    const queue = openQueue({ journal })
    expect(await queue.send()).toBe(200)
    await settled()
    expect(await journal.entry('openmail:evt_1')).toMatchObject({ state: 'queued' })
    return { ...queue, packed: queue.jobs[0]!.packed, entry: () => journal.entry('openmail:evt_1') }
  }

  it.each<[string, () => Journal]>([
    ['durable', () => durableJournal()],
    ['in memory', () => memoryJournal()],
  ])('the entry follows the job: failed, dead, and handled after a redrive (%s)', async (_kind, create) => {
    const journal = create()
    const { packed, entry } = await queuedIn(journal)
    let handler = (): unknown => fail()
    const worker = startWorker(() => handler(), { journal })
    await worker.run(packed, { attempt: 1 })
    expect(await entry()).toMatchObject({ state: 'failed' })
    expect(await entry()).not.toHaveProperty('nextAttemptAt')
    await worker.run(packed, { attempt: 2, isLast: true })
    expect(await entry()).toMatchObject({ state: 'dead' })
    handler = () => undefined
    await worker.run(packed, { attempt: 3, isLast: true })
    const { state, attempts } = (await entry())!
    expect(state).toBe('handled')
    expect(attempts.map(({ source, kind, status, error }) => [source, kind, status, error?.message])).toEqual([
      ['provider', 'queued', 200, undefined],
      ['retry', 'failed', 500, 'The database is away'],
      ['retry', 'dead', 500, 'The database is away'],
      ['retry', 'handled', 200, undefined],
    ])
  })

  it('an event that the journal knows as handled is not handled again', async () => {
    const journal = durableJournal()
    const { packed, entry } = await queuedIn(journal)
    await journal.replay(['openmail:evt_1'], () => {})
    const handler = vi.fn()
    const worker = startWorker(handler, { journal })
    expect(await worker.run(packed)).toBe('done')
    expect(handler).not.toHaveBeenCalled()
    expect(worker.outcomes).toMatchObject([{ kind: 'duplicate', id: 'openmail:evt_1' }])
    expect(await entry()).toMatchObject({ state: 'handled' })
  })

  it('a journal in memory only records, and stops no run', async () => {
    const journal = memoryJournal()
    const { packed, entry } = await queuedIn(journal)
    const handler = vi.fn()
    const worker = startWorker(handler, { journal })
    await worker.run(packed)
    expect(await entry()).toMatchObject({ state: 'handled' })
    expect(await worker.run(packed)).toBe('done')
    expect(handler).toHaveBeenCalledTimes(2)
  })

  it('a run waits for another run of the event, and handles it only if that failed', async () => {
    const journal = durableJournal()
    const { packed } = await queuedIn(journal)
    let end: (error?: Error) => void = () => {}
    const first = startWorker(
      () => new Promise<void>((resolve, reject) => (end = (error) => (error ? reject(error) : resolve()))),
      { journal },
    )
    const handler = vi.fn()
    const second = startWorker(handler, { journal })
    const runs = [first.run(packed), settled().then(() => second.run(packed))]
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(handler).not.toHaveBeenCalled()
    end(new Error('first'))
    expect(await Promise.all(runs)).toEqual([expect.any(Error), 'done'])
    expect(handler).toHaveBeenCalledTimes(1)
  })

  it('a run fails before its handler while the journal is down, and loses nothing', async () => {
    const rows = memoryJournalStore()
    const journal = durableJournal(rows)
    const { packed, entry } = await queuedIn(journal)
    const handler = vi.fn()
    const worker = startWorker(handler, { journal })
    const read = vi.spyOn(rows, 'read').mockRejectedValue(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))
    expect(await worker.run(packed, { attempt: 1 })).toMatchObject({
      name: 'WebhookError',
      code: 'journal_unavailable',
    })
    expect(handler).not.toHaveBeenCalled()
    expect(worker.outcomes).toMatchObject([{ kind: 'failed', code: 'journal_unavailable' }])
    read.mockRestore()
    expect(await worker.run(packed, { attempt: 2 })).toBe('done')
    expect(await entry()).toMatchObject({ state: 'handled' })
  })

  it('a job is done whose end the journal did not hear of; the outcome says so', async () => {
    const rows = memoryJournalStore()
    const journal = durableJournal(rows)
    const { packed } = await queuedIn(journal)
    const worker = startWorker(() => void vi.spyOn(rows, 'finish').mockRejectedValue(new Error('away')), { journal })
    expect(await worker.run(packed)).toBe('done')
    expect(worker.outcomes).toMatchObject([{ kind: 'handled', settled: false }])
  })

  it('a job whose entry is not there runs all the same', async () => {
    const { jobs, send } = openQueue()
    await send()
    const handler = vi.fn()
    expect(await startWorker(handler, { journal: durableJournal() }).run(jobs[0]!.packed)).toBe('done')
    expect(handler).toHaveBeenCalledTimes(1)
  })
})

it.each<[string, () => WorkerOptions]>([
  ['nothing', () => ({})],
  ['a store', () => ({ store: memoryStore() })],
  ['a journal', () => ({ journal: durableJournal() })],
])('a handler is told that the time of its job is up where %s guards the event', async (_guard, options) => {
  const { jobs, send } = openQueue()
  await send()
  const job = new AbortController()
  const reasons: unknown[] = []
  const worker = startWorker(({ signal }) => {
    expect(signal.aborted).toBe(false)
    job.abort('The time of the job is up')
    reasons.push(signal.reason)
  }, options())
  expect(await worker.run(jobs[0]!.packed, { signal: job.signal })).toBe('done')
  expect(reasons).toEqual(['The time of the job is up'])
})

describe('with a store', () => {
  async function queuedWith(store: DedupStore) {
    // The receiver uses the same store, and has marked the event as handled there.
    const { jobs, send } = openQueue({ store })
    await send()
    return jobs[0]!.packed
  }

  it('a job that was handled is not handled again, also under another id', async () => {
    const store = memoryStore()
    const packed = await queuedWith(store)
    const handler = vi.fn()
    const worker = startWorker(handler, { store })
    await worker.run(packed, { jobId: 'a' })
    await worker.run(packed, { jobId: 'b' })
    expect(handler).toHaveBeenCalledTimes(1)
    expect(worker.outcomes.map(({ kind, settled }) => [kind, settled])).toEqual([
      ['handled', true],
      ['duplicate', undefined],
    ])
  })

  it('a job that failed is handled again', async () => {
    const store = memoryStore()
    const packed = await queuedWith(store)
    const handler = vi.fn().mockImplementationOnce(fail).mockResolvedValue(undefined)
    const worker = startWorker(handler, { store })
    await worker.run(packed)
    await worker.run(packed)
    expect(worker.outcomes.map(({ kind }) => kind)).toEqual(['failed', 'handled'])
  })

  it('a run fails before its handler while the store is down', async () => {
    const store = memoryStore()
    const packed = await queuedWith(store)
    const handler = vi.fn()
    const down = Object.assign(memoryStore(), { claim: fail })
    const worker = startWorker(handler, { store: down })
    expect(await worker.run(packed)).toMatchObject({ code: 'store_unavailable' })
    expect(handler).not.toHaveBeenCalled()
  })
})

describe('complete({ within }) of a queued delivery', () => {
  const within = {}
  const complete = async (delivery: QueuedDelivery) => {
    await delivery.complete({ within })
  }

  it.each([
    ['neither journal nor store', {}, /this worker has nothing to mark. Pass test a SQL journal, or a store/],
    ['a store in memory', { store: memoryStore() }, /this store cannot join a transaction; use a SQL store/],
    ['a journal in memory', { journal: durableJournal() }, /this journal cannot join a transaction; use a SQL journal/],
  ])('is a TypeError with %s', async (_with, options, message) => {
    const { jobs, send } = openQueue('journal' in options ? options : {})
    await send()
    const error = await startWorker(complete, options).run(jobs[0]!.packed)
    expect(error).toMatchObject({ name: 'TypeError', message: expect.stringMatching(message) })
  })

  /** A store whose transactions are committed or not, as `isCommitted` says. */
  const storeWith = (isCommitted: () => boolean) => {
    const store = memoryStore()
    const { complete } = store
    return Object.assign(store, {
      complete: async (key: string, token: string, retentionMs: number, options?: { within?: unknown }) =>
        options?.within === undefined ? complete.call(store, key, token, retentionMs) : true,
      isDone: async () => isCommitted(),
    })
  }

  it('lets the commit decide: without it the job fails', async () => {
    const { jobs, send } = openQueue()
    await send()
    const worker = startWorker(complete, { store: storeWith(() => false) })
    expect(await worker.run(jobs[0]!.packed)).toMatchObject({ code: 'mark_not_committed' })
    expect(worker.outcomes).toMatchObject([{ kind: 'failed' }])
  })

  it('lets the commit decide: with it the job is done, though the handler fails later', async () => {
    const { jobs, send } = openQueue()
    await send()
    const handler = async (delivery: QueuedDelivery) => {
      await complete(delivery)
      throw new Error('after the commit')
    }
    const worker = startWorker(handler, { store: storeWith(() => true) })
    expect(await worker.run(jobs[0]!.packed)).toBe('done')
    expect(worker.outcomes).toMatchObject([{ kind: 'handled' }])
  })
})
