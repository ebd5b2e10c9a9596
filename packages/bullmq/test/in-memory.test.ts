import { createHash } from 'node:crypto'
import { bullmqHandOff, bullmqProcessor, deadLetters, redrive } from '@mailbox-hooks/bullmq'
import { createReceiver, type Outcome, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'

const SEALING = { sealingKeys: [new Uint8Array(32).fill(7)] }
const idOf = (deliveryId: string) => createHash('sha256').update(deliveryId).digest('hex')

/** Failed jobs, the newest first, as BullMQ's `Queue` shows them a page at a time. */
class FailedQueue {
  /** The jobs that were put back, with the options. */
  readonly back: [id: string, options: object][] = []
  readonly pages: [start?: number, end?: number][] = []
  readonly #failed: ReturnType<FailedQueue['job']>[]

  constructor(ids: readonly string[], change: (id: string) => object = () => ({})) {
    this.#failed = ids.map((id) => ({ ...this.job(id), ...change(id) }))
  }

  job(id: string) {
    return {
      id,
      data: { id: `openmail:${id}` } as unknown,
      retry: async (_state: 'failed', options: object): Promise<unknown> => this.back.push([id, options]),
      getState: async () => 'failed',
    }
  }

  async getFailed(start = 0, end = -1) {
    this.pages.push([start, end])
    return this.#failed.slice(start, end + 1)
  }

  async getJob(id: string) {
    return this.#failed.find((job) => job.id === id)
  }
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `job_${index}`)

describe('redrive', () => {
  // With the attempts of before, a job would fail for good at its next failure.
  it('puts a job back with attempts that begin anew', async () => {
    const queue = new FailedQueue(['job_1'])
    expect(await redrive(queue, ['job_1'])).toBe(1)
    expect(queue.back).toEqual([['job_1', { resetAttemptsMade: true, resetAttemptsStarted: true }]])
  })

  it.each([0, 1, 99, 100, 101, 250])('puts back all of %i jobs, each once', async (count) => {
    const queue = new FailedQueue(numbered(count))
    expect(await redrive(queue, 'all')).toBe(count)
    expect(queue.back.map(([id]) => id)).toEqual(numbered(count))
    expect(queue.pages.every(([start = 0, end = 0]) => end - start === 99)).toBe(true)
  })

  it('puts back a job once that moves to the next page meanwhile', async () => {
    const queue = new FailedQueue(numbered(100))
    const getFailed = queue.getFailed.bind(queue)
    queue.getFailed = (start = 0, end = 0) => getFailed(Math.max(0, start - 1), start === 0 ? end : end - 1)
    expect(await redrive(queue, 'all')).toBe(100)
  })

  it.each([
    ['of the job', 'job_3', 'job_3'],
    ['of the delivery, by the hash that is the id of its job', 'openmail:by-hash', idOf('openmail:by-hash')],
    ['of the delivery, where its job has another one', 'openmail:job_7', 'job_7'],
  ])('finds a job by the id %s', async (_whose, id, found) => {
    const queue = new FailedQueue([...numbered(10), idOf('openmail:by-hash')])
    expect(await redrive(queue, [id])).toBe(1)
    expect(queue.back.map(([id]) => id)).toEqual([found])
  })

  it('puts nothing back if one of the ids is unknown', async () => {
    const queue = new FailedQueue(numbered(2))
    await expect(redrive(queue, ['job_0', 'nobody'])).rejects.toThrow('redrive: the queue has no job "nobody"')
    expect(queue.back).toEqual([])
  })

  it('does not count a job that somebody else has put back meanwhile', async () => {
    const retry = () => Promise.reject(new Error('not failed any more'))
    const queue = new FailedQueue(numbered(2), (id) =>
      id === 'job_0' ? { retry, getState: async () => 'waiting' } : {},
    )
    expect(await redrive(queue, 'all')).toBe(1)
  })

  it('rejects if a failed job cannot be put back', async () => {
    const queue = new FailedQueue(numbered(1), () => ({ retry: () => Promise.reject(new Error('no connection')) }))
    await expect(redrive(queue, 'all')).rejects.toThrow('no connection')
  })

  it.each<[string, () => unknown, RegExp]>([
    ['no queue', () => redrive({} as never, 'all'), /^redrive: pass the Queue of BullMQ$/],
    ['one id', () => redrive(new FailedQueue([]), 'job_1' as never), /^redrive: pass a list of ids, or 'all'$/],
    ['no queue', () => deadLetters({} as never, SEALING), /^deadLetters: pass the Queue of BullMQ$/],
    ['a limit of 0', () => deadLetters(new FailedQueue([]), { ...SEALING, limit: 0 }), /limit must be a whole number/],
    ['a limit of 1.5', () => deadLetters(new FailedQueue([]), { ...SEALING, limit: 1.5 }), /limit must be a whole/],
    ['no keys', () => deadLetters(new FailedQueue([]), {}), /^deadLetters: .*sealingKeys/],
  ])('is refused for %s', async (_what, act, message) => {
    await expect(act()).rejects.toThrow(message)
    await expect(act()).rejects.toThrow(TypeError)
  })
})

describe('deadLetters', () => {
  it.each<[string, object, object]>([
    ['nothing', {}, {}],
    [
      'attempts, time and error',
      {
        attemptsMade: 3,
        finishedOn: 7,
        failedReason: 'too far',
        stacktrace: ['Error: x', 'RangeError: too far\n at a'],
      },
      { attempts: 3, failedAt: new Date(7), error: { name: 'RangeError', message: 'too far' } },
    ],
    ['an error without a stack', { failedReason: 'down', stacktrace: null }, { error: { message: 'down' } }],
    ['a stack without a name', { failedReason: 'down', stacktrace: ['down at a'] }, { error: { message: 'down' } }],
  ])('say of a failed job that has %s', async (_what, job, letter) => {
    const queue = new FailedQueue(['job_1'], () => ({ data: null, ...job }))
    const unreadable = 'It holds no delivery.'
    expect(await deadLetters(queue, SEALING)).toEqual([{ jobId: 'job_1', unreadable, ...letter }])
  })

  it('are the newest 1,000, or as many as are asked for', async () => {
    const queue = new FailedQueue(numbered(1_001))
    expect(await deadLetters(queue, SEALING)).toHaveLength(1_000)
    expect((await deadLetters(queue, { ...SEALING, limit: 2 })).map(({ jobId }) => jobId)).toEqual(['job_0', 'job_1'])
  })
})

describe('bullmqHandOff', () => {
  /** Hands a delivery over to this queue. Resolves to the outcome of the receiver. */
  async function handOver(queue: { readonly add: unknown }, options: object = {}) {
    const handOff = bullmqHandOff(queue as never, { ...SEALING, ...options })
    const outcomes: Outcome[] = []
    const receiver = createReceiver({
      providers: [openMail({ secrets: ['key'] })],
      handOff: (delivery, terms) => handOff(delivery, { ...terms, jobId: 'ab', keepMs: 1_500 }),
      onOutcome: (outcome) => outcomes.push(outcome),
    })
    const { headers, body } = signedDelivery('openmail', 'message.received', { secret: 'key' })
    const request = { method: 'POST', header: (name: string) => headers[name], isOpenEnded: () => false }
    await receiver.receive({ ...request, readBody: async () => Buffer.from(body) })
    return outcomes[0]!
  }

  function noting(add?: () => Promise<unknown>) {
    const jobs: [name: string, settings: object][] = []
    return { jobs, add: add ?? (async (name: string, _data: unknown, settings: object) => jobs.push([name, settings])) }
  }

  it.each([
    ['as its provider keeps retrying', {}, 2],
    ['as is asked for, if that is longer', { keepMs: 9_001 }, 10],
    ['as its provider keeps retrying, if that is longer than what is asked for', { keepMs: 1 }, 2],
  ])('keeps a finished job as long %s, and a failed one for ever', async (_how, options, age) => {
    const queue = noting()
    expect(await handOver(queue, options)).toMatchObject({ kind: 'queued' })
    const settings = { jobId: 'ab', removeOnComplete: { age }, removeOnFail: false }
    expect(queue.jobs).toEqual([['message.received', settings]])
  })

  it.each([
    ["CROSSSLOT Keys in request don't hash to the same slot", /set prefix: '\{mailbox-hooks\}'/],
    ['MOVED 1234 127.0.0.1:7001', /connect with new Cluster/],
    ['CLUSTERDOWN Hash slot not served', /no master/],
    ["READONLY You can't write against a read only replica.", /read-only replica/],
    ["ERR OOM command not allowed when used memory > 'maxmemory'.", /memory is full/],
    ['NOAUTH Authentication required.', /have a password/],
  ])('says what an operator can change when Redis answers %s', async (message, advice) => {
    const queue = noting(() => Promise.reject(new Error(message)))
    const outcome = await handOver(queue)
    expect(outcome).toMatchObject({ code: 'hand_off_failed', message: expect.stringMatching(advice) })
  })

  it.each([new Error('Connection is closed.'), 'a text'])(
    'advises nothing for any other failure: %s',
    async (failure) => {
      const { code, message } = await handOver(noting(() => Promise.reject(failure)))
      expect([code, message]).toEqual(['hand_off_failed', expect.stringMatching(/The queue refused the delivery\.$/)])
    },
  )

  it('can be asked whether the queue answers, if the queue can', async () => {
    expect(bullmqHandOff(noting() as never, SEALING).ping).toBeUndefined()
    const asked: string[] = []
    const getJob = async (id: string) => asked.push(id)
    await bullmqHandOff({ ...noting(), getJob } as never, SEALING).ping?.()
    expect(asked).toHaveLength(1)
  })

  it.each<[string, object, RegExp]>([
    ['a negative time', { keepMs: -1 }, /keepMs must be a number, 0 or above/],
    ['a time without end', { keepMs: Infinity }, /keepMs must be a number, 0 or above/],
    ['a misspelt option', { keepMS: 1 }, /there is no option keepMS; do you mean keepMs/],
  ])('is refused for %s', (_what, options, message) => {
    expect(() => bullmqHandOff(noting() as never, { ...SEALING, ...options })).toThrow(message)
    expect(() => bullmqHandOff({} as never, SEALING)).toThrow(/^bullmqHandOff: pass the Queue of BullMQ$/)
  })
})

describe('bullmqProcessor', () => {
  // BullMQ would try it again, with the same end.
  it('gives up a job that cannot be opened, by the name that BullMQ knows', async () => {
    const run = bullmqProcessor({}, SEALING)
    await expect(run({ data: null })).rejects.toMatchObject({
      name: 'UnrecoverableError',
      message: 'This job cannot be opened. It holds no delivery.',
    })
  })

  it.each<[string, object, string]>([
    ['a job that is tried once', {}, 'dead'],
    ['a first attempt of two', { attemptsMade: 0, opts: { attempts: 2 } }, 'dead'],
  ])('reports %s that cannot be opened as dead', async (_what, job, kind) => {
    const kinds: string[] = []
    const run = bullmqProcessor({}, { ...SEALING, onOutcome: (outcome) => void kinds.push(outcome.kind) })
    await expect(run({ data: null, ...job })).rejects.toThrow()
    expect(kinds).toEqual([kind])
  })
})
