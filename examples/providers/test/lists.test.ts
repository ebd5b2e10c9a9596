import { createHmac } from 'node:crypto'
import { createReceiver, type Delivery, defineProvider, memoryStore, type Outcome } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { graph } from '../graph.js'
import { deliver } from './receiving.js'

const SECRET = 'the-client-state'

const item = (id: string, fields: object = {}) => ({ id, changeType: 'created', clientState: SECRET, ...fields })
const request = (...value: readonly unknown[]) => ({ headers: {}, body: JSON.stringify({ value }) })

/** A queue that takes a job id once, and fails for the ids in `down`. */
function setUp() {
  const jobs = new Map<string, Delivery>()
  const outcomes: Outcome[] = []
  const down = new Set<string>()
  const store = memoryStore()
  const options = {
    store,
    onOutcome: (outcome: Outcome) => outcomes.push(outcome),
    handOff: async (delivery: Delivery, { jobId }: { jobId: string }) => {
      if (down.has(delivery.id)) throw new Error('The queue is full')
      jobs.set(jobId, delivery)
    },
  }
  const send = (sent: { headers: Record<string, string>; body: string }) =>
    deliver(graph({ secrets: [SECRET] }), sent, options)
  return { jobs, outcomes, down, send }
}

describe('a list of events', () => {
  it('needs a queue, because a request runs one handler', () => {
    const create = () => createReceiver({ providers: [graph({ secrets: [SECRET] })] })
    expect(create).toThrow(TypeError)
    expect(create).toThrow('graph sends several events in one request, so they must be queued: pass handOff')
  })

  it('is queued event by event, each with an id, a payload and an outcome of its own', async () => {
    const { jobs, outcomes, send } = setUp()
    expect(await send(request(item('1'), item('2'), item('3')))).toMatchObject({
      status: 200,
      body: '{"received":true,"queued":true}',
    })
    const ids = ['graph:1', 'graph:2', 'graph:3']
    expect([...jobs.values()].map(({ id }) => id)).toEqual(ids)
    expect([...jobs.values()].map((job) => JSON.parse(Buffer.from(job.rawBody()).toString()))).toEqual([
      item('1'),
      item('2'),
      item('3'),
    ])
    expect(outcomes.map(({ kind, id, trust }) => ({ kind, id, trust }))).toEqual(
      ids.map((id) => ({ kind: 'queued', id, trust: 'sender' })),
    )
  })

  it('is a duplicate when it comes again, and takes what is new in it', async () => {
    const { jobs, outcomes, send } = setUp()
    await send(request(item('1'), item('2')))
    expect(await send(request(item('1'), item('2')))).toMatchObject({
      status: 200,
      body: '{"received":true,"duplicate":true}',
    })
    expect(await send(request(item('2'), item('3')))).toMatchObject({
      status: 200,
      body: '{"received":true,"queued":true}',
    })
    expect(jobs.size).toBe(3)
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'queued',
      'queued',
      'duplicate',
      'duplicate',
      'duplicate',
      'queued',
    ])
  })

  it('may hold one event several times', async () => {
    const { jobs, outcomes, send } = setUp()
    expect(await send(request(item('1'), item('1'), item('2'), item('1')))).toMatchObject({ status: 200 })
    expect(jobs.size).toBe(2)
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['duplicate', 'duplicate', 'queued', 'queued'])
  })

  it('is asked for again when one event cannot be queued, and the others are not queued twice', async () => {
    const { jobs, down, send } = setUp()
    down.add('graph:2')
    const refused = await send(request(item('1'), item('2'), item('3')))
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '30' } })
    expect([...jobs.values()].map(({ id }) => id)).toEqual(['graph:1', 'graph:3'])
    down.clear()
    expect(await send(request(item('1'), item('2'), item('3')))).toMatchObject({ status: 200 })
    expect([...jobs.values()].map(({ id }) => id)).toEqual(['graph:1', 'graph:3', 'graph:2'])
  })

  it('without events is taken, where it is proven: here the proof stands in the events', async () => {
    expect((await setUp().send(request())).status).toBe(401)
  })

  it.each<[string, readonly unknown[]]>([
    ['the first', [item('1', { clientState: 'wrong' }), item('2')]],
    ['the last', [item('1'), item('2', { clientState: 'wrong' })]],
    ['one that has none', [item('1'), item('2', { clientState: undefined })]],
    ['one that is no object', [item('1'), 7]],
  ])('is refused when not each event has the proof: %s', async (_which, items) => {
    const { jobs, send } = setUp()
    expect((await send(request(...items))).status).toBe(401)
    expect(jobs.size).toBe(0)
  })

  it('has at most 10,000 events, and is nowhere else', async () => {
    const { send } = setUp()
    const many = Array.from({ length: 10_001 }, (_, index) => item(String(index)))
    expect((await send(request(...many))).status).toBe(401)
    for (const body of ['[]', '{"value":{}}', '{"values":[]}', JSON.stringify([item('1')])]) {
      expect((await send({ headers: {}, body })).status).toBe(401)
    }
  })

  it('hands items that fit no schema over as unknown, so that they hold up nothing', async () => {
    const jobs: Delivery[] = []
    const body = JSON.stringify([{ type: 'paid', id: '1' }, { type: 'paid', id: 2 }, 7, null, { type: 'new', id: '3' }])
    const received = await deliver(
      shop(),
      { headers: { 'x-shop': createHmac('sha256', 'shop-secret').update(body).digest('hex') }, body },
      { handOff: async (delivery: Delivery) => jobs.push(delivery) },
    )
    expect(received.status).toBe(200)
    expect(jobs.map(({ event }) => event)).toMatchObject([
      { type: 'paid', known: true },
      { type: 'unknown', name: 'paid', issues: [{ path: 'id', expected: 'string' }] },
      { type: 'unknown', name: undefined, payload: { item: 7 } },
      { type: 'unknown', name: undefined, payload: { item: null } },
      { type: 'unknown', name: 'new' },
    ])
    // An event without an id is told apart by its JSON.
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(5)
  })

  it('that is signed and has no events is taken', async () => {
    const headers = { 'x-shop': createHmac('sha256', 'shop-secret').update('[]').digest('hex') }
    expect(await deliver(shop(), { headers, body: '[]' })).toMatchObject({ status: 200, body: '{"received":true}' })
  })
})

const shop = () =>
  defineProvider({
    name: 'shop',
    list: true,
    signature: { header: 'x-shop', secrets: ['shop-secret'], readings: [{ content: ['body'] }] },
    retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
    describe: (payload) => ({ type: payload.type, id: payload.id }),
    events: () => ({ paid: z.looseObject({ type: z.literal('paid'), id: z.string() }) }),
  })
