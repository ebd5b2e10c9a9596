import { createHash } from 'node:crypto'
import { memoryStore, type Outcome } from '@mailbox-hooks/core'
import {
  type BossLike,
  type JobLike,
  type PgBossProcessorOptions,
  pgBossHandOff,
  pgBossProcessor,
  type SettlingBossLike,
} from '@mailbox-hooks/pg-boss'
import { describe, expect, it } from 'vitest'
import { DUPLICATE, QUEUED, REFUSED, receiverOf } from '../../../test/queues/sender.js'

const SEALING = { sealingKeys: [new Uint8Array(32).fill(7)] }

type Sent = [queue: string, data: unknown, settings: { id: string; db?: object }]

/** An instance that notes its jobs. It answers `send` and `getJobById` as it is told. */
function notingBoss({ sent = 'an id', found = null }: { sent?: string | null; found?: object | null } = {}) {
  const jobs: Sent[] = []
  const asked: unknown[] = []
  return {
    jobs,
    asked,
    send: async (...job: Sent) => {
      jobs.push(job)
      return sent
    },
    getJobById: async (...question: unknown[]) => {
      asked.push(question)
      return found
    },
  }
}

/** The first 32 digits of the hash, as a UUID. */
function idOf(deliveryId: string): string {
  const hash = createHash('sha256').update(deliveryId).digest('hex')
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-')
}

/** Jobs of these events, as pg-boss gives them to its worker. */
async function jobsOf(names: readonly string[], more: Partial<JobLike> = {}): Promise<readonly JobLike[]> {
  const boss = notingBoss()
  const send = receiverOf(pgBossHandOff(boss, 'deliveries', SEALING))
  for (const name of names) expect(await send(name)).toBe(QUEUED)
  return boss.jobs.map(([queue, data], index) => ({ id: `job_${names[index]}`, name: queue, data, ...more }))
}

describe('pgBossHandOff', () => {
  it('sends a job whose id is made of that of the event', async () => {
    const boss = notingBoss()
    expect(await receiverOf(pgBossHandOff(boss, 'deliveries', SEALING))('evt_1')).toBe(QUEUED)
    const id = idOf('cold-mail-reseller:evt_1')
    expect(boss.jobs).toEqual([['deliveries', expect.objectContaining({ id: 'cold-mail-reseller:evt_1' }), { id }]])
    expect(boss.asked).toEqual([])
  })

  // pg-boss answers null for a job that is there already, and for a queue that is not.
  it.each<[string, object | null, string]>([
    ['is there already is queued', {}, QUEUED],
    ['is nowhere is refused', null, REFUSED],
  ])('a job that pg-boss did not insert and that %s', async (_what, found, answer) => {
    const boss = notingBoss({ sent: null, found })
    const outcomes: Outcome[] = []
    const onOutcome = (outcome: Outcome) => outcomes.push(outcome)
    expect(await receiverOf(pgBossHandOff(boss, 'deliveries', SEALING), { onOutcome })('evt_1')).toBe(answer)
    expect(boss.asked).toEqual([['deliveries', idOf('cold-mail-reseller:evt_1'), { includeArchive: true }]])
    if (found !== null) return
    const message = 'pg-boss took no job for the queue "deliveries": create it, with the policy "standard"'
    expect(outcomes).toMatchObject([{ error: { message } }])
  })

  it('is pinged by looking for a job that nobody has, also in the archive', async () => {
    const boss = notingBoss()
    await pgBossHandOff(boss, 'deliveries', SEALING).ping?.()
    expect(boss.asked).toEqual([['deliveries', expect.stringMatching(/^[0-]{36}$/), { includeArchive: true }]])
  })

  it('with a pool, sends the job and marks the event on one connection of it', async () => {
    const told: unknown[] = []
    const client = {
      query: async (...statement: unknown[]) => {
        told.push(statement)
        return { rows: ['a row'] }
      },
      release: () => told.push('give back'),
      on: () => {},
      off: () => {},
    }
    const boss = {
      ...notingBoss(),
      send: async (_queue: string, _data: unknown, settings: Parameters<BossLike['send']>[2]) => {
        expect(await settings.db?.executeSql('INSERT', [1])).toEqual({ rows: ['a row'] })
        return 'an id'
      },
    }
    let isMarked = false
    const memory = memoryStore()
    const store = {
      claim: memory.claim.bind(memory),
      release: memory.release.bind(memory),
      extend: memory.extend.bind(memory),
      complete: async (key: string, token: string, retentionMs: number, options?: { within?: unknown }) => {
        expect(options?.within).toBe(client)
        told.push('mark')
        isMarked = true
        return memory.complete(key, token, retentionMs)
      },
      isDone: async () => isMarked,
    }
    const handOff = pgBossHandOff(boss, 'deliveries', { ...SEALING, pool: { connect: async () => client } })
    const send = receiverOf(handOff, { store })
    expect(await send('evt_1')).toBe(QUEUED)
    expect(told).toEqual([['BEGIN'], ['INSERT', [1]], 'mark', ['COMMIT'], 'give back'])
    expect(await send('evt_1')).toBe(DUPLICATE)
  })

  it.each<[string, () => unknown, RegExp]>([
    ['what is no pg-boss', () => pgBossHandOff({} as never, 'q', SEALING), /^pgBossHandOff: pass the instance of/],
    ['a queue that is no text', () => pgBossHandOff(notingBoss(), 7 as never, SEALING), /pass the name of the queue$/],
    ['no word about sealing', () => pgBossHandOff(notingBoss(), 'q', {}), /^pgBossHandOff: .*sealingKeys/],
    ['a worker without a word', () => pgBossProcessor({}, {}), /^pgBossProcessor: .*sealingKeys/],
  ])('is refused at start for %s', (_what, create, message) => {
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })
})

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
