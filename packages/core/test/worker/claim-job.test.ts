import { type DedupStore, type Journal, memoryStore } from '@mailbox-hooks/core'
import { memoryJournalStore } from '@mailbox-hooks/core/journal'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { durableJournal } from '../journal/journaled.js'
import { notingObserver, openQueue, startWorker } from './worked.js'

const DAY_MS = 24 * 3600_000

async function queued(options: { journal?: Journal } = {}) {
  const { jobs, send } = openQueue(options)
  expect(await send()).toBe(200)
  return jobs[0]!
}

/** A store that notes what it is asked, and answers as a store in memory. */
function notingStore(replaced: Partial<DedupStore> = {}) {
  const asked: unknown[][] = []
  const memory = memoryStore()
  const noting =
    <Name extends 'claim' | 'complete' | 'release' | 'extend'>(name: Name) =>
    (...args: never[]): never => {
      asked.push([name, ...(args as unknown[])])
      return ((replaced[name] ?? memory[name]) as (...args: never[]) => never).call(memory, ...args)
    }
  const [claim, complete, release, extend] = [noting('claim'), noting('complete'), noting('release'), noting('extend')]
  return { asked, store: { claim, complete, release, extend } as unknown as DedupStore }
}

describe('the claim of a job', () => {
  it.each<[string, object, (jobId: string) => string]>([
    ['by the id that the receiver gave it, whatever the queue calls it', { jobId: 'a' }, (jobId) => jobId],
    ['by the same id where the queue says none', {}, (jobId) => jobId],
  ])('is made %s, and kept for 30 days', async (_how, job, keyOf) => {
    const { packed, terms } = await queued()
    const { asked, store } = notingStore()
    await startWorker(() => {}, { store }).run(packed, job)
    const key = `worker openmail:${keyOf(terms.jobId)}`
    expect(asked).toEqual([
      ['claim', key, 15_000, { provider: 'openmail', type: 'message.received' }],
      ['complete', key, expect.any(String), 30 * DAY_MS],
    ])
  })

  it('is a step of its own for an observer, and none where nothing gives a claim', async () => {
    const { packed } = await queued()
    const steps: string[] = []
    await startWorker(() => {}, { store: memoryStore(), observer: notingObserver(undefined, steps) }).run(packed)
    expect(steps.slice(1)).toEqual(['claim', 'leave', 'handler', 'leave', 'handled'])
    steps.length = 0
    await startWorker(() => {}, { observer: notingObserver(undefined, steps) }).run(packed)
    expect(steps.slice(1)).toEqual(['handler', 'leave', 'handled'])
  })

  it('is released if the journal does not answer', async () => {
    const rows = memoryJournalStore()
    const journal = durableJournal(rows)
    const { packed } = await queued({ journal })
    const { asked, store } = notingStore()
    vi.spyOn(rows, 'read').mockRejectedValue(new Error('away'))
    const run = await startWorker(() => {}, { store, journal }).run(packed)
    expect(run).toMatchObject({ code: 'journal_unavailable' })
    expect(asked.map(([name]) => name)).toEqual(['claim', 'release'])
  })

  it.each([true, false])(
    'is completed if the journal knows the event as handled; the store hears of it: %s',
    async (hears) => {
      const journal = durableJournal()
      const { packed } = await queued({ journal })
      await journal.replay(['openmail:evt_1'], () => {})
      const complete = () => (hears ? Promise.resolve(true) : Promise.reject(new Error('away')))
      const { asked, store } = notingStore({ complete })
      const worker = startWorker(() => expect.unreachable('handled twice'), { store, journal })
      expect(await worker.run(packed)).toBe('done')
      expect(asked.map(([name]) => name)).toEqual(['claim', 'complete'])
      expect(worker.outcomes).toMatchObject([{ kind: 'duplicate' }])
    },
  )
})

describe('a run of an event that another one has', () => {
  /** A store in which the event stays in flight until `answer` says otherwise. */
  async function setUp() {
    const { packed } = await queued()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const times: number[] = []
    let answer: object = { status: 'in-flight', retryAfterMs: 15_000 }
    const { store } = notingStore({
      claim: async () => {
        times.push(Math.round(performance.now()))
        return answer as never
      },
    })
    const worker = startWorker(() => {}, { store })
    const waits = () => times.slice(1).map((time, index) => time - times[index]!)
    return { packed, worker, waits, become: (status: object) => (answer = status) }
  }

  it('waits longer and longer, up to a second, and gives up after a minute', async () => {
    const { packed, worker, waits } = await setUp()
    const run = worker.run(packed)
    await vi.advanceTimersByTimeAsync(62_000)
    const message = 'Another run of the same event has not ended yet. The queue may try this job again later.'
    expect(await run).toMatchObject({ message })
    expect(waits().slice(0, 8)).toEqual([20, 40, 80, 160, 320, 640, 1_000, 1_000])
    const waitedMs = waits().reduce((sum, ms) => sum + ms, 0)
    expect(waitedMs).toBeGreaterThan(60_000)
    expect(waitedMs).toBeLessThanOrEqual(61_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('goes on as soon as the other has ended', async () => {
    const { packed, worker, become } = await setUp()
    const run = worker.run(packed)
    await vi.advanceTimersByTimeAsync(100)
    become({ status: 'done' })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await run).toBe('done')
    expect(worker.outcomes).toMatchObject([{ kind: 'duplicate' }])
  })

  it('gives up at once when the time of its job is up', async () => {
    const { packed, worker, waits } = await setUp()
    const job = new AbortController()
    const run = worker.run(packed, { signal: job.signal })
    await vi.advanceTimersByTimeAsync(2_000)
    const asked = waits().length
    job.abort()
    expect(await run).toMatchObject({ message: expect.stringMatching(/^Another run of the same event/) })
    expect(waits()).toHaveLength(asked + 1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a queued delivery that nothing guards', () => {
  it('is not marked by its handler', async () => {
    const { packed } = await queued()
    const answers: unknown[] = []
    const worker = startWorker(async (delivery) => {
      answers.push(await delivery.complete())
    })
    expect(await worker.run(packed)).toBe('done')
    expect(answers).toEqual([false])
  })
})
