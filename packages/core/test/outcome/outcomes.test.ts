import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import {
  createReceiver,
  defineProvider,
  memoryStore,
  type Outcome,
  openMail,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { NodeRequest } from '@mailbox-hooks/core/node'
import { describe, expect, it, onTestFinished } from 'vitest'
import { opensslHmac } from '../openssl.js'
import { receive, type Sent } from '../request.js'

const NOW = 1_767_225_600_000

function sent({ secret = 'new-secret-of-openmail', payload = {} } = {}): Sent {
  const body = JSON.stringify({ event: 'inbox.exploded', event_id: 'evt_1', password: 'planted pass', ...payload })
  const seconds = String(NOW / 1000)
  const signature = opensslHmac(secret, `${seconds}.${body}`).toString('hex')
  return { headers: { 'x-timestamp': seconds, 'x-signature': signature }, body }
}

async function outcomeOf(delivery: Sent, options: Partial<ReceiverOptions> = {}, fail?: unknown): Promise<Outcome> {
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['old-secret-of-openmail', 'new-secret-of-openmail'] })],
    now: () => NOW,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  const reception = await receive(receiver, delivery)
  if (reception.answer === undefined) {
    if (fail !== undefined) reception.fail(fail)
    await reception.settle(fail === undefined ? 200 : 500)
  }
  expect(outcomes).toHaveLength(1)
  return outcomes[0]!
}

describe('an outcome', () => {
  it('says which secret verified', async () => {
    expect(await outcomeOf(sent())).toMatchObject({ kind: 'handled', secret: 1 })
    expect(await outcomeOf(sent({ secret: 'old-secret-of-openmail' }))).toMatchObject({ kind: 'handled', secret: 0 })
    expect(await outcomeOf(sent({ secret: 'guessed-secret' }))).not.toHaveProperty('secret')
  })

  it('of an authentic payload that is refused has the id of the event', async () => {
    expect(await outcomeOf(sent({ payload: { event: 'message.received' } }))).toMatchObject({
      code: 'payload_invalid',
      id: 'openmail:evt_1',
      secret: 1,
    })
  })

  it('has a time that is rounded to tenths of a millisecond', async () => {
    const { durationMs } = await outcomeOf(sent())
    expect(durationMs * 10).toBeCloseTo(Math.round(durationMs * 10), 6)
    expect(String(durationMs)).toMatch(/^\d+(\.\d)?$/)
  })

  const down = (cause: unknown) => () => Promise.reject(cause)
  const storeOf = (cause: unknown) => ({
    claim: down(cause),
    complete: down(cause),
    release: down(cause),
    extend: down(cause),
  })

  it.each<[string, unknown, object]>([
    ['an error', new TypeError('no planted pass'), { name: 'TypeError', message: 'no [redacted]' }],
    [
      'an error with a code',
      Object.assign(new Error('refused'), { code: '42P01', detail: 'planted pass' }),
      { name: 'Error', message: 'refused', code: '42P01' },
    ],
    [
      'several errors in one',
      Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:5432')], ''), { code: 'ECONNREFUSED' }),
      { name: 'AggregateError', message: 'connect ECONNREFUSED ::1:5432', code: 'ECONNREFUSED' },
    ],
    ['a text', 'planted pass is wrong', { name: 'Error', message: '[redacted] is wrong' }],
    ['undefined', undefined, { name: 'Error', message: 'undefined' }],
    ['an error of another realm', runInNewContext('new RangeError("far")'), { name: 'RangeError', message: 'far' }],
    ['an object without a text', Object.create(null), { name: 'Error', message: 'A value that is no text.' }],
    [
      'an error that cannot be read',
      new Proxy(new Error('x'), {
        get: () => {
          throw new Error('planted pass')
        },
      }),
      { name: 'Error', message: 'The error cannot be read.' },
    ],
    ['a long error', new Error('x'.repeat(1_000_000)), { name: 'Error', message: 'x'.repeat(2_000) }],
  ])('of a failed handler has its error: %s', async (what, thrown, error) => {
    const told = await outcomeOf(sent(), {}, what === 'undefined' ? undefined : thrown)
    if (what !== 'undefined') expect(told.error).toEqual(error)
    const outage = await outcomeOf(sent(), { store: storeOf(thrown) })
    if (what !== 'undefined') expect(outage.error).toEqual(error)
    expect(inspect([told, outage], { depth: 9 })).not.toContain('planted')
  })
})

describe('onOutcome', () => {
  it("gets the framework's request", async () => {
    const requests: unknown[] = []
    const original = { id: 'req-1' }
    const receiver = createReceiver({
      providers: [openMail({ secrets: ['the-secret-of-openmail'] })],
      // Declared as a framework's type.
      onOutcome: (_outcome, request: { id: string }) => requests.push(request.id),
    })
    await receiver.receive({
      method: 'GET',
      header: () => undefined,
      readBody: async () => Buffer.of(),
      isOpenEnded: () => false,
      original,
    })
    expect(requests).toEqual(['req-1'])
    const message = { method: 'GET', headers: {}, complete: true, id: 'req-2' }
    await receiver.receive(new NodeRequest(message as never))
    expect(requests).toEqual(['req-1', 'req-2'])
  })
})

/** Listeners that reject, not all with a promise of this realm. */
const REJECTIONS: Readonly<Record<string, () => unknown>> = {
  'a promise': () => Promise.reject(new Error('planted rejection')),
  'a promise of another realm': () => runInNewContext('Promise.reject(new Error("planted rejection"))'),
  'another thenable': () => ({
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    then: (_resolve: unknown, reject: (error: Error) => void) =>
      queueMicrotask(() => reject(new Error('planted rejection'))),
  }),
  'a thenable that throws': () => ({
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    then() {
      throw new Error('planted rejection')
    },
  }),
  'a throw': () => {
    throw new Error('planted rejection')
  },
}

describe.each(Object.entries(REJECTIONS))('a listener that answers with %s', (_what, reject) => {
  /** Resolves when Node would have ended the process for an unhandled rejection. */
  async function unhandledOf(work: () => Promise<unknown>): Promise<unknown[]> {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note)
    onTestFinished(() => {
      process.removeAllListeners('unhandledRejection')
      for (const listener of others) process.on('unhandledRejection', listener)
    })
    await work()
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    return unhandled
  }

  const acme = (part: { before?: () => string; describe?: () => object }) =>
    defineProvider({
      name: 'acme',
      signature: {
        header: 'x-acme',
        secrets: ['the-secret-of-acme'],
        readings: [{ name: 'body', trust: 'body', ...(part.before && { before: part.before }) }],
      },
      retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
      describe: part.describe ?? (() => ({ type: 'launch', id: '1' })),
      events: () => ({}),
    })

  const observer = (part: object) => ({
    begin: () => ({ enter() {}, leave() {}, run: <T>(handler: () => T) => handler(), end() {}, ...part }),
  })
  const OPTIONS: Readonly<Record<string, object>> = {
    onOutcome: { onOutcome: reject },
    'observer.begin': { observer: { begin: reject } },
    'observer.enter': { observer: observer({ enter: reject }) },
    'observer.leave': { observer: observer({ leave: reject }) },
    'observer.run': { observer: observer({ run: reject }) },
    'observer.end': { observer: observer({ end: reject }) },
    handOff: { handOff: reject },
    store: { store: { claim: reject, complete: reject, release: reject, extend: reject } },
  }

  it.each(Object.entries(OPTIONS))('in %s does not end the process', async (_where, options) => {
    const answers: unknown[] = []
    const unhandled = await unhandledOf(async () => {
      const receiver = createReceiver({
        providers: [openMail({ secrets: ['new-secret-of-openmail'] })],
        now: () => NOW,
        ...options,
      })
      const reception = await receive(receiver, sent())
      if (reception.answer === undefined) {
        answers.push(await reception.run(async () => 'handled'))
        await reception.settle(200)
      } else answers.push(reception.answer.status)
    })
    expect(unhandled).toEqual([])
    expect(answers).toEqual(['handOff' in options || 'store' in options ? 503 : 'handled'])
  })

  it('in place of a clock does not end the process, at start or later', async () => {
    let isWrong = false
    const now = () => (isWrong ? (reject() as number) : NOW)
    const unhandled = await unhandledOf(async () => {
      const receiver = createReceiver({ providers: [openMail({ secrets: ['new-secret-of-openmail'] })], now })
      const store = memoryStore({ now })
      isWrong = true
      expect((await receive(receiver, sent())).answer?.status).toBe(500)
      await expect(store.claim('key', 1_000, { provider: 'x', type: 'y' })).rejects.toThrow()
      expect(() => createReceiver({ providers: [openMail({ secrets: ['new-secret-of-openmail'] })], now })).toThrow()
    })
    expect(unhandled).toEqual([])
  })

  it.each(['describe', 'before'])('in %s of a provider does not end the process', async (name) => {
    const unhandled = await unhandledOf(async () => {
      let provider: ReturnType<typeof acme> | undefined
      try {
        provider = acme({ [name]: reject as () => never })
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
      if (provider === undefined) return
      const body = '{}'
      const headers = { 'x-acme': opensslHmac('the-secret-of-acme', body).toString('hex') }
      const { answer } = await receive(createReceiver({ providers: [provider] }), { headers, body })
      expect(answer?.status).toBe(500)
    })
    expect(unhandled).toEqual([])
  })
})

describe('a handler', () => {
  it('whose thenable begins its work when it is awaited runs once, with an observer, too', async () => {
    let runs = 0
    const lazy = {
      // biome-ignore lint/suspicious/noThenProperty: a query of knex is such a thenable
      then(resolve: (value: string) => void) {
        runs += 1
        resolve('done')
      },
    }
    const observer = {
      begin: () => ({ enter() {}, leave() {}, run: <T>(handler: () => T) => handler(), end() {} }),
    }
    const receiver = createReceiver({
      providers: [openMail({ secrets: ['new-secret-of-openmail'] })],
      now: () => NOW,
      observer,
    })
    const reception = await receive(receiver, sent())
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    expect(await reception.run(() => lazy as PromiseLike<string>)).toBe('done')
    await reception.settle(200)
    expect(runs).toBe(1)
  })
})

it('a schema that answers with a promise of another realm is awaited', async () => {
  const acme = defineProvider({
    name: 'acme',
    signature: { header: 'x-acme', secrets: ['the-secret-of-acme'], readings: [{ name: 'body', trust: 'body' }] },
    retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
    describe: () => ({ type: 'launch', id: '1' }),
    events: () => ({
      launch: {
        '~standard': {
          version: 1 as const,
          vendor: 'test',
          validate: () => runInNewContext('Promise.resolve({ issues: [{ message: "wrong" }] })'),
        },
      },
    }),
  })
  const body = '{}'
  const headers = { 'x-acme': opensslHmac('the-secret-of-acme', body).toString('hex') }
  const { answer } = await receive(createReceiver({ providers: [acme] }), { headers, body })
  expect(answer?.status).toBe(422)
})
