import type { Outcome } from '@mailbox-hooks/core'
import {
  type JobLike,
  type PgBossProcessorOptions,
  pgBossProcessor,
  type SettlingBossLike,
} from '@mailbox-hooks/pg-boss'
import { describe, expect, it } from 'vitest'
import { jobsOf, SEALING } from './jobs.js'

describe('pgBossProcessor', () => {
  type Settled = ['complete' | 'fail', queue: string, id: string, message?: string]

  /** Runs a batch in which the events called `bad…` fail. `boss` notes what it is told, and is replaced in part. */
  async function work(jobs: readonly JobLike[], replaced: Partial<SettlingBossLike> = {}, options: object = {}) {
    const settled: Settled[] = []
    const outcomes: Outcome[] = []
    const boss: SettlingBossLike = {
      complete: async (queue, id) => settled.push(['complete', queue, id]),
      fail: async (queue, id, output) => settled.push(['fail', queue, id, (output as Error).message]),
      ...replaced,
    }
    const run = pgBossProcessor(
      ({ id }) => {
        const name = id.replace('cold-mail-reseller:', '')
        if (name.startsWith('bad')) throw new Error(name.startsWith('bad alike') ? 'alike' : name)
      },
      { ...SEALING, boss, onOutcome: (outcome) => void outcomes.push(outcome), ...options } as PgBossProcessorOptions,
    )
    const error = await run(jobs).then(
      () => undefined,
      ({ message }: Error) => message,
    )
    const kinds = outcomes.map(({ kind, attempt }) => [kind, attempt])
    return { error, settled: settled.sort(), kinds }
  }

  const done = (name: string): Settled => ['complete', 'deliveries', `job_${name}`]
  const failed = (name: string, message = name): Settled => ['fail', 'deliveries', `job_${name}`, message]
  const FIRST = { retryCount: 0, retryLimit: 2 }
  const LAST = { retryCount: 2, retryLimit: 2 }

  it('completes each job that succeeds, alone or in a batch', async () => {
    const jobs = await jobsOf(['one', 'two'])
    expect(await work(jobs.slice(0, 1))).toMatchObject({ error: undefined, settled: [done('one')] })
    expect(await work(jobs)).toMatchObject({ error: undefined, settled: [done('one'), done('two')] })
  })

  // pg-boss fails the jobs of a batch that throws, as far as they are not completed.
  it.each<[string, readonly string[], Partial<JobLike>, string | undefined, readonly Settled[]]>([
    ['alone, is thrown, and nothing more', ['bad'], LAST, 'bad', []],
    ['beside one that succeeds, is thrown', ['bad', 'good'], FIRST, 'bad', [done('good')]],
    ['like the others in its batch, is thrown as one', ['bad alike 1', 'bad alike 2'], FIRST, 'alike', []],
    [
      'unlike another in its batch, is thrown as their number',
      ['bad 1', 'bad 2', 'good'],
      FIRST,
      '2 jobs of this batch failed, each with an error of its own, and are retried.',
      [done('good')],
    ],
    [
      'for the last time, is kept with its own error',
      ['bad 1', 'bad 2', 'good'],
      LAST,
      undefined,
      [done('good'), failed('bad 1'), failed('bad 2')],
    ],
  ])('a job that fails %s', async (_how, names, tries, error, settled) => {
    expect(await work(await jobsOf(names, tries))).toMatchObject({ error, settled })
  })

  it('returns the jobs of a batch that are tried again, and keeps those that are not', async () => {
    const [first, last] = await jobsOf(['bad first', 'bad last'])
    const jobs = [
      { ...first!, ...FIRST },
      { ...last!, ...LAST },
    ]
    expect(await work(jobs)).toMatchObject({ error: 'bad first', settled: [failed('bad last')] })
  })

  it.each<[string, Partial<SettlingBossLike>]>([
    ['has no method for it', { fail: undefined } as object],
    ['cannot at this moment', { fail: () => Promise.reject(new Error('no connection')) }],
  ])('leaves it to the whole batch to fail a job where pg-boss %s', async (_why, replaced) => {
    const jobs = await jobsOf(['bad', 'good'], LAST)
    expect(await work(jobs, replaced)).toMatchObject({ error: 'bad', settled: [done('good')] })
  })

  it('counts a job as failed that cannot be completed', async () => {
    const complete = () => Promise.reject(new Error('no connection'))
    expect(await work(await jobsOf(['good']), { complete })).toMatchObject({ error: 'no connection' })
  })

  it('takes no batch without the instance, because one failure would repeat all of it', async () => {
    const jobs = await jobsOf(['one', 'two'])
    const message = 'pgBossProcessor: with a batchSize above 1 pass boss, or one failure repeats the whole batch'
    expect(await work(jobs, {}, { boss: undefined })).toEqual({ error: message, settled: [], kinds: [] })
    expect(await work(jobs.slice(0, 1), {}, { boss: undefined })).toMatchObject({ error: undefined })
  })

  describe('reports the attempt, and whether it was the last', () => {
    it.each<[string, Partial<JobLike>, readonly unknown[]]>([
      ['first', FIRST, ['failed', 1]],
      ['last', LAST, ['dead', 3]],
      ['after the last', { retryCount: 3, retryLimit: 2 }, ['dead', 4]],
    ])('by the metadata of the job, or by pg-boss: the %s one', async (_which, tries, kind) => {
      const asked: unknown[] = []
      const getJobById = async (...question: unknown[]) => {
        asked.push(question)
        return tries
      }
      const { kinds } = await work(await jobsOf(['bad'], tries), { getJobById })
      expect([kinds, asked]).toEqual([[kind], []])
      const by = await work(await jobsOf(['bad']), { getJobById })
      expect([by.kinds, asked]).toEqual([[kind], [['deliveries', 'job_bad']]])
    })

    it.each<[string, Partial<SettlingBossLike>]>([
      ['has no method for it', {}],
      ['has no such job', { getJobById: async () => null }],
      ['does not say how often it may be tried', { getJobById: async () => ({ retryCount: 2 }) }],
      ['does not say how often it was tried', { getJobById: async () => ({ retryLimit: 2 }) }],
      ['cannot at this moment', { getJobById: () => Promise.reject(new Error('no connection')) }],
    ])('not, where pg-boss %s', async (_why, replaced) => {
      expect((await work(await jobsOf(['bad']), replaced)).kinds).toEqual([['failed', undefined]])
    })

    it('only where somebody listens: else pg-boss is not asked', async () => {
      const asked: unknown[] = []
      const replaced = { getJobById: async () => void asked.push('asked') }
      await work(await jobsOf(['bad']), replaced, { onOutcome: undefined })
      expect(asked).toEqual([])
      const begin = () => ({ enter() {}, leave() {}, run: (handler: () => unknown) => handler(), end() {} })
      await work(await jobsOf(['bad']), replaced, { onOutcome: undefined, observer: { begin } })
      expect(asked).toEqual(['asked'])
    })
  })

  it('gives the signal of the job to the handler', async () => {
    const { signal } = new AbortController()
    const [job] = await jobsOf(['one'], { signal })
    const seen: unknown[] = []
    await pgBossProcessor((delivery: { signal: unknown }) => void seen.push(delivery.signal), SEALING)([job!])
    expect(seen).toEqual([signal])
  })

  it('is idle once no handler runs', async () => {
    const [job] = await jobsOf(['one'])
    const seen: string[] = []
    let end = () => {}
    const running = new Promise<void>((resolve) => {
      end = resolve
    })
    const run = pgBossProcessor(() => running, SEALING)
    const ended = run([job!]).then(() => seen.push('ended'))
    const idle = run.idle().then(() => seen.push('idle'))
    await new Promise(setImmediate)
    expect(seen).toEqual([])
    end()
    await Promise.all([ended, idle])
    expect(seen.sort()).toEqual(['ended', 'idle'])
  })
})
