import { createHash } from 'node:crypto'
import {
  createReceiver,
  type Delivery,
  defineProvider,
  type HandOff,
  memoryStore,
  type Outcome,
  openMail,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { describe, expect, it, vi } from 'vitest'
import { opensslHmac } from '../openssl.js'
import { receive, type Sent } from '../request.js'
import { freezeTime, NOW, sent } from '../sent-now.js'

freezeTime()

/** A receiver that hands over to `handOff`, by default into a queue that takes a job id once. */
function setUp(options: Partial<ReceiverOptions> & { handOff?: HandOff } = {}) {
  const jobs = new Map<string, Delivery>()
  const outcomes: Outcome[] = []
  const take: HandOff = async (delivery, { jobId }) => jobs.set(jobId, delivery)
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['key'] })],
    store: memoryStore(),
    handOff: take,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  const deliver = async (sent: Sent) => {
    const { answer } = await receive(receiver, sent)
    if (answer === undefined) throw new Error('A handler was asked for')
    return { status: answer.status, retryAfter: answer.headers['retry-after'], ...JSON.parse(answer.body) }
  }
  return { deliver, jobs, outcomes, take }
}

const QUEUED = { status: 200, received: true, queued: true }
const REFUSED = { status: 503, retryAfter: '30', received: false, error: 'hand_off_failed' }

describe('a delivery whose queue takes it', () => {
  it('is answered without a handler, and its event is done', async () => {
    const { deliver, jobs, outcomes } = setUp()
    expect(await deliver(sent('evt_1'))).toEqual(QUEUED)
    expect(await deliver(sent('evt_1'))).toEqual({ status: 200, received: true, duplicate: true })
    expect([...jobs.values()].map(({ id }) => id)).toEqual(['openmail:evt_1'])
    expect(outcomes).toMatchObject([
      { kind: 'queued', status: 200, id: 'openmail:evt_1', settled: true },
      { kind: 'duplicate' },
    ])
  })

  it('is in flight until the queue has it', async () => {
    let taken = () => {}
    const { deliver } = setUp({ handOff: () => new Promise<void>((resolve) => (taken = resolve)) })
    const first = deliver(sent('evt_1'))
    await vi.advanceTimersByTimeAsync(10)
    expect(await deliver(sent('evt_1'))).toMatchObject({ status: 503, error: 'in_flight' })
    taken()
    expect(await first).toEqual(QUEUED)
  })

  it('is not handed over while the store is down', async () => {
    const store = Object.assign(memoryStore(), { claim: () => Promise.reject(new Error('down')) })
    const { deliver, jobs } = setUp({ store })
    expect(await deliver(sent('evt_1'))).toMatchObject({ status: 503, error: 'store_unavailable' })
    expect(jobs.size).toBe(0)
  })

  it('is acknowledged although the store does not hear of it, for the job is there and its id will be known', async () => {
    const store = memoryStore()
    const complete = vi.spyOn(store, 'complete').mockRejectedValue(new Error('down'))
    const { deliver, jobs, outcomes } = setUp({ store, leaseMs: 15_000 })
    expect(await deliver(sent('evt_1'))).toEqual(QUEUED)
    expect(outcomes).toMatchObject([{ kind: 'queued', settled: false }])
    // As after a crash at this point: the lease ends, and the provider repeats.
    await vi.advanceTimersByTimeAsync(15_001)
    complete.mockRestore()
    expect(await deliver(sent('evt_1'))).toEqual(QUEUED)
    expect(jobs.size).toBe(1)
    expect(await deliver(sent('evt_1'))).toMatchObject({ duplicate: true })
  })

  it('may mark the event itself, e.g. in the transaction that holds the job', async () => {
    const store = memoryStore()
    const complete = vi.spyOn(store, 'complete')
    const { deliver } = setUp({ store, handOff: (delivery) => delivery.complete() })
    expect(await deliver(sent('evt_1'))).toEqual(QUEUED)
    expect(await deliver(sent('evt_1'))).toMatchObject({ duplicate: true })
    expect(complete).toHaveBeenCalledTimes(1)
  })
})

describe('a delivery whose queue does not take it', () => {
  const failures: Record<string, HandOff> = {
    rejects: () => Promise.reject(new Error('READONLY')),
    throws: () => {
      throw new Error('READONLY')
    },
    'gives the event back': (delivery) => delivery.release(),
  }
  for (const [how, fail] of Object.entries(failures)) {
    it(`is answered 503 and handed over on the next attempt, when the queue ${how}`, async () => {
      const { deliver, jobs, outcomes, take } = setUp({ handOff: (...args) => handOff(...args) })
      let handOff = fail
      expect(await deliver(sent('evt_1'))).toEqual(REFUSED)
      expect(outcomes).toMatchObject([{ kind: 'rejected', status: 503, code: 'hand_off_failed', id: 'openmail:evt_1' }])
      handOff = take
      expect(await deliver(sent('evt_1'))).toEqual(QUEUED)
      expect(jobs.size).toBe(1)
    })
  }

  it('tells the operator why, and the sender nothing', async () => {
    const cause = Object.assign(new Error('READONLY'), { code: 'ECONNRESET' })
    const { deliver, outcomes } = setUp({ handOff: () => Promise.reject(cause) })
    expect(await deliver(sent('evt_1'))).toEqual(REFUSED)
    expect(outcomes[0]!.cause).toBe(cause)
    expect(outcomes[0]!.message).toBe('The queue refused the delivery (ECONNRESET).')
    expect(JSON.stringify(outcomes)).not.toContain('READONLY')
  })

  it('is answered 503 after handOffTimeoutMs, when the client waits for a server that is gone', async () => {
    const { deliver, outcomes } = setUp({ handOff: () => new Promise(() => {}), handOffTimeoutMs: 2_000 })
    const answer = deliver(sent('evt_1'))
    await vi.advanceTimersByTimeAsync(1_999)
    expect(await Promise.race([answer, 'pending'])).toBe('pending')
    await vi.advanceTimersByTimeAsync(1)
    expect(await answer).toEqual(REFUSED)
    expect(outcomes[0]?.message).toBe('The queue did not take the delivery within 2000 ms.')
  })

  it.each<[string, HandOff]>([
    ['took it', async () => {}],
    ['refused it', () => Promise.reject(new Error('READONLY'))],
  ])('leaves no timer behind once it %s', async (_how, handOff) => {
    const { deliver } = setUp({ handOff })
    await deliver(sent('evt_1'))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('says that the event was given back', async () => {
    const { deliver, outcomes } = setUp({ handOff: (delivery) => delivery.release() })
    expect(await deliver(sent('evt_1'))).toEqual(REFUSED)
    expect(outcomes).toMatchObject([{ message: 'The hand-off released the event, or committed no mark.' }])
    expect(outcomes[0]).not.toHaveProperty('settled')
  })
})

describe('a queue that takes a delivery after its time', () => {
  it('has completed nothing, and the next attempt makes no second job', async () => {
    const { deliver, jobs, outcomes, take } = setUp({ handOff: (...args) => handOff(...args), handOffTimeoutMs: 2_000 })
    const late: Promise<unknown>[] = []
    let handOff: HandOff = (delivery, terms) => {
      const end = (async () => {
        await new Promise((resolve) => setTimeout(resolve, 3_000))
        await take(delivery, terms)
        return delivery.complete()
      })()
      late.push(end)
      return end
    }
    const answer = deliver(sent('evt_1'))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await answer).toEqual(REFUSED)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await Promise.all(late)).toEqual([false])

    handOff = take
    expect(await deliver(sent('evt_1'))).toEqual(QUEUED)
    expect(jobs.size).toBe(1)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['rejected', 'queued'])
  })

  it('may fail then, without anybody to hear it', async () => {
    const { deliver } = setUp({
      handOff: () => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 3_000)),
      handOffTimeoutMs: 2_000,
    })
    const answer = deliver(sent('evt_1'))
    await vi.advanceTimersByTimeAsync(3_000)
    expect(await answer).toEqual(REFUSED)
  })
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('the terms of a hand-off', () => {
  async function termsOf(bodies: readonly string[], options: { everyMs?: number; native?: boolean } = {}) {
    const { everyMs = 0, native = false } = options
    const ids: string[] = []
    const acme = defineProvider({
      name: 'acme',
      signature: { header: 'x-acme', secrets: ['key'], readings: [{ name: 'body', trust: 'body' }] },
      retries: { spanMs: 60_000, maxHandlerMs: 30_000 },
      describe: (payload) => ({ type: 'ping', id: native ? payload.id : undefined }),
      events: () => ({}),
      credentials: ['launchCode'],
    })
    const { deliver } = setUp({
      providers: [acme],
      leaseMs: 1_000,
      handOff: async (_delivery, { jobId, keepMs, credentials }) => {
        expect({ keepMs, credentials }).toEqual({ keepMs: 60_000, credentials: ['launchCode'] })
        ids.push(jobId)
        throw new Error('Not now')
      },
    })
    for (const body of bodies) {
      await deliver({ headers: { 'x-acme': opensslHmac('key', body).toString('hex') }, body })
      await vi.advanceTimersByTimeAsync(everyMs)
    }
    return ids
  }

  it('name one job for all deliveries of one event, by an id that every queue takes', async () => {
    const [first, second, other] = await termsOf(['{"id":"a","try":1}', '{"id":"a","try":2}', '{"id":"b"}'], {
      native: true,
      everyMs: 3_600_000,
    })
    // Also `redrive` finds a job by it, and so does a version of this library that comes later.
    expect(first).toBe(sha256('acme:a'))
    expect(second).toBe(first)
    expect(other).not.toBe(first)
  })

  it('name one job for a body that is its own id while the provider repeats it, and another one later', async () => {
    const [first, repeated, later] = await termsOf(['{}', '{}', '{}'], { everyMs: 30_000 })
    expect(repeated).toBe(first)
    expect(later).not.toBe(first)
    const key = `acme:sha256:${sha256('{}')}`
    expect([first, later]).toEqual([0, 1].map((span) => sha256(`${key}\n${Math.floor(NOW / 60_000) + span}`)))
  })
})
