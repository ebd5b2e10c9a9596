import { createHmac } from 'node:crypto'
import { createReceiver, type HandOff, memoryStore, type Outcome, type ReceiverOptions } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'
import { receive } from '../request.js'

const fail = () => {
  throw new Error('planted')
}

const NOW = 1_780_000_000_000
const LIST = custom({
  list: 'events',
  signature: { header: 'x-acme', secrets: ['old', 'key'], readings: [{ content: ['time', { text: '.' }, 'body'] }] },
  timestamp: { header: 'x-time', format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 },
  account: 'eu',
  describe: ({ id, type }: { id: string; type: string }) => ({ id, type }),
  events: () => ({ throws: { '~standard': { version: 1, vendor: 'test', validate: fail } } }),
})

type Item = object | string

/** A receiver of lists, with a queue that takes a job once, unless `handOff` is another one. */
function setUp(options: Partial<ReceiverOptions> = {}) {
  const jobs: string[] = []
  const outcomes: Outcome[] = []
  const take: HandOff = async ({ id }) => jobs.push(id.replace('acme@eu:', ''))
  const receiver = createReceiver({
    providers: [LIST],
    store: memoryStore(),
    leaseMs: 5_000,
    handOff: take,
    now: () => NOW,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  async function send(...items: readonly Item[]) {
    outcomes.length = 0
    const body = JSON.stringify({ events: items })
    const time = String(NOW / 1000 - 7)
    const signature = createHmac('sha256', 'key').update(`${time}.${body}`).digest('hex')
    const { answer } = await receive(receiver, { headers: { 'x-acme': signature, 'x-time': time }, body })
    return [answer?.status, JSON.parse(answer?.body ?? '')] as const
  }
  /** Returns the id, kind and status that were reported of each event. */
  const told = () =>
    outcomes.map(({ id, kind, status }) => [id?.replace('acme@eu:', ''), kind, status]).sort() as [
      string,
      string,
      number,
    ][]
  return { send, jobs, outcomes, told, take }
}

const item = (id: string) => ({ id, type: 'ping' })

describe('a list of events', () => {
  it('is acknowledged once all of them are queued, each with an outcome of its own', async () => {
    const { send, jobs, outcomes, told } = setUp()
    expect(await send(item('a'), item('b'), item('c'))).toEqual([200, { received: true, queued: true }])
    expect(jobs).toEqual(['a', 'b', 'c'])
    expect(told()).toEqual(['a', 'b', 'c'].map((id) => [id, 'queued', 200]))
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        provider: 'acme',
        account: 'eu',
        trust: 'body+timestamp',
        reading: 'time.body/hex',
        secret: 1,
        ageMs: 7_000,
        type: 'unknown',
        name: 'ping',
        settled: true,
      })
    }
  })

  it('is a duplicate if all of them were queued before, and queued if one was not', async () => {
    const { send, jobs, told } = setUp()
    await send(item('a'), item('b'))
    expect(await send(item('a'), item('b'))).toEqual([200, { received: true, duplicate: true }])
    expect(told()).toEqual([
      ['a', 'duplicate', 200],
      ['b', 'duplicate', 200],
    ])
    expect(await send(item('a'), item('c'))).toEqual([200, { received: true, queued: true }])
    expect(jobs).toEqual(['a', 'b', 'c'])
  })

  it('without an event is acknowledged, with one outcome', async () => {
    const { send, outcomes } = setUp()
    expect(await send()).toEqual([200, { received: true }])
    expect(outcomes).toMatchObject([{ kind: 'queued', status: 200, provider: 'acme' }])
    expect(outcomes).toHaveLength(1)
  })

  it('with an event twice makes one job of it', async () => {
    const { send, jobs, told } = setUp()
    expect(await send(item('a'), item('b'), item('a'))).toEqual([200, { received: true, queued: true }])
    expect(jobs).toEqual(['a', 'b'])
    expect(told()).toEqual([
      ['a', 'duplicate', 200],
      ['a', 'queued', 200],
      ['b', 'queued', 200],
    ])
  })

  it('is refused if the queue does not take one of them, and its next attempt queues that one alone', async () => {
    let fails = true
    const jobs: string[] = []
    const handOff: HandOff = async ({ id }) => {
      if (fails && id.endsWith('b')) throw new Error('READONLY')
      jobs.push(id.replace('acme@eu:', ''))
    }
    const { send, outcomes, told } = setUp({ handOff })
    expect(await send(item('a'), item('b'), item('b'), item('c'))).toEqual([
      503,
      { received: false, error: 'hand_off_failed' },
    ])
    // The second b was not asked for, because the first failed.
    expect(told()).toEqual([
      ['a', 'queued', 200],
      ['b', 'rejected', 503],
      ['c', 'queued', 200],
    ])
    const refused = outcomes.find(({ kind }) => kind === 'rejected')
    expect(refused).toMatchObject({ code: 'hand_off_failed', message: 'The queue refused the delivery.' })
    expect(refused?.cause).toEqual(new Error('READONLY'))
    expect(String(refused?.rawBody?.())).toBe('{"id":"b","type":"ping"}')
    fails = false
    expect(await send(item('a'), item('b'), item('c'))).toEqual([200, { received: true, queued: true }])
    expect(jobs).toEqual(['a', 'c', 'b'])
  })

  it('is refused while one of them is in flight', async () => {
    const store = memoryStore()
    await store.claim('acme@eu:a', 60_000, { provider: 'acme', type: 'ping' })
    const { send, jobs, told } = setUp({ store })
    expect(await send(item('a'), item('b'))).toEqual([503, { received: false, error: 'in_flight' }])
    expect(jobs).toEqual(['b'])
    expect(told()).toEqual([
      ['a', 'in-flight', 503],
      ['b', 'queued', 200],
    ])
  })

  it('has an item that is no object as an unknown event', async () => {
    const { send, outcomes } = setUp()
    expect(await send('text')).toEqual([200, { received: true, queued: true }])
    expect(outcomes).toMatchObject([{ kind: 'queued', type: 'unknown' }])
    expect(outcomes[0]).not.toHaveProperty('name')
  })

  it('has an event whose schema throws as an unknown one, which says so', async () => {
    const { send, outcomes } = setUp()
    expect(await send({ id: 'a', type: 'throws' })).toEqual([200, { received: true, queued: true }])
    expect(outcomes).toMatchObject([
      { kind: 'queued', type: 'unknown', issues: [{ path: '', expected: 'another value' }] },
    ])
  })

  it('has 20 events on their way at a time', async () => {
    let now = 0
    let most = 0
    const handOff: HandOff = async () => {
      most = Math.max(most, ++now)
      await new Promise(setImmediate)
      now--
    }
    const { send, outcomes } = setUp({ handOff })
    expect(await send(...Array.from({ length: 50 }, (_, index) => item(String(index))))).toMatchObject([200, {}])
    expect([most, outcomes.length]).toEqual([20, 50])
  })

  it('gives each of its events a body of its own', async () => {
    const bodies: string[] = []
    const handOff: HandOff = async (delivery) => bodies.push(String(delivery.rawBody()))
    const { send } = setUp({ handOff })
    await send(item('a'), item('b'))
    expect(bodies).toEqual(['{"id":"a","type":"ping"}', '{"id":"b","type":"ping"}'])
  })

  it('is refused with 500 for an error of the library itself, and not for ever', async () => {
    const store = memoryStore()
    const claim = store.claim.bind(store)
    let breaks = true
    store.claim = (key, leaseMs, about) => {
      if (breaks && key.endsWith('b')) return Promise.resolve(undefined as never)
      return claim(key, leaseMs, about)
    }
    const { send, jobs } = setUp({ store })
    const [status] = await send(item('a'), item('b'))
    expect(status).toBeGreaterThanOrEqual(500)
    breaks = false
    expect(await send(item('a'), item('b'))).toEqual([200, { received: true, queued: true }])
    expect(jobs).toEqual(['a', 'b'])
  })
})
