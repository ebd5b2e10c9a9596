import { createHmac } from 'node:crypto'
import {
  type Accepted,
  createReceiver,
  memoryStore,
  type Outcome,
  openMail,
  type ReceiverOptions,
  type WebhookRequest,
} from '@mailbox-hooks/core'
import { testClock } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'

// A tour of the core, from top to bottom: how it treats a delivery, without a framework and without helpers.

const SECRET = 'openmail-webhook-secret'
const LEASE_MS = 15_000

const MESSAGE = {
  event: 'message.received',
  event_id: 'evt_1',
  inbox_id: 'inb_1',
  thread_id: 'thr_1',
  message: { id: 'msg_1', from: 'ada@example.com' },
}

/** A request as an adapter makes it of one that arrived. */
function requestOf(headers: Readonly<Record<string, string>>, body: string): WebhookRequest {
  return {
    method: 'POST',
    header: (name) => headers[name],
    readBody: async () => Buffer.from(body),
    isOpenEnded: () => false,
  }
}

/** A receiver, a provider that sends to it, and what the operator reads. */
function setUp(options: Partial<ReceiverOptions> = {}) {
  const clock = testClock()
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [openMail({ secrets: [SECRET] })],
    store: memoryStore({ now: clock.now }),
    leaseMs: LEASE_MS,
    now: clock.now,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })

  /** Signs `timestamp.body`, as OpenMail does, and delivers it. */
  function deliver(payload: object | string, { secret = SECRET, sentAt = clock.now() } = {}) {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
    const timestamp = String(Math.floor(sentAt / 1000))
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
    return receiver.receive(requestOf({ 'x-timestamp': timestamp, 'x-signature': signature }, body))
  }

  /** Returns the answer that the sender gets in place of a handler's. */
  async function answerTo(...sent: Parameters<typeof deliver>) {
    const { answer } = await deliver(...sent)
    return answer && { status: answer.status, ...JSON.parse(answer.body) }
  }

  /** A delivery for which a handler is to run. */
  async function accepted(...sent: Parameters<typeof deliver>): Promise<Accepted> {
    const reception = await deliver(...sent)
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    return reception
  }

  return { accepted, answerTo, clock, deliver, outcomes }
}

describe('a receiver', () => {
  it('hands over a new event, and marks it as handled when its handler succeeded', async () => {
    const { accepted, outcomes } = setUp()
    const { delivery, settle } = await accepted(MESSAGE)
    expect(delivery).toMatchObject({ id: 'openmail:evt_1', provider: 'openmail', trust: 'body+timestamp' })
    expect(delivery.event).toMatchObject({ type: 'message.received', known: true, payload: MESSAGE })
    expect(await settle(200)).toBeUndefined()
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 200, id: 'openmail:evt_1', settled: true }])
  })

  it('has settled an event when settle returns, with a store that answers at once', async () => {
    const { accepted, outcomes } = setUp({ store: memoryStore() })
    const { settle } = await accepted(MESSAGE)
    expect(settle(200)).toBeUndefined()
    expect(outcomes).toMatchObject([{ kind: 'handled', settled: true }])
  })

  it('acknowledges a duplicate of a handled event without its handler', async () => {
    const { accepted, answerTo, outcomes } = setUp()
    await (await accepted(MESSAGE)).settle(200)
    expect(await answerTo(MESSAGE)).toEqual({ status: 200, received: true, duplicate: true })
    expect(outcomes.map(({ kind }) => kind)).toEqual(['handled', 'duplicate'])
  })

  it('asks for a retry while the handler of the same event runs: it may still fail', async () => {
    const { accepted, deliver, outcomes } = setUp()
    await accepted(MESSAGE)
    const { answer } = await deliver(MESSAGE)
    expect(answer).toMatchObject({ status: 503, body: '{"received":false,"error":"in_flight"}' })
    expect(Number(answer?.headers['retry-after'])).toBeGreaterThan(0)
    expect(outcomes).toMatchObject([{ kind: 'in-flight', status: 503 }])
  })

  it('releases an event whose handler failed, so that the retry is handled', async () => {
    const { accepted, answerTo, outcomes } = setUp()
    await (await accepted(MESSAGE)).settle(500)
    await (await accepted(MESSAGE)).settle(200)
    expect(await answerTo(MESSAGE)).toMatchObject({ status: 200, duplicate: true })
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'handled', 'duplicate'])
  })

  it('hands over an event again whose process died, when the lease of its claim has ended', async () => {
    const { accepted, answerTo, clock } = setUp()
    // Nobody settles it. The test clock moves the store alone, so that nothing extends the lease.
    await accepted(MESSAGE)
    clock.advance(LEASE_MS - 1)
    expect(await answerTo(MESSAGE)).toMatchObject({ status: 503, error: 'in_flight' })
    clock.advance(2)
    expect((await accepted(MESSAGE)).delivery.id).toBe('openmail:evt_1')
  })

  it('lets the answer go out when the mark is made, so that a duplicate that follows at once is known', async () => {
    const store = memoryStore()
    const complete = store.complete.bind(store)
    let write = () => {}
    const written = new Promise<void>((resolve) => (write = resolve))
    store.complete = (...mark) => written.then(() => complete(...mark))
    const { accepted, answerTo } = setUp({ store })
    let isAnswered = false
    const { settle } = await accepted(MESSAGE)
    const answered = Promise.resolve(settle(200)).then(() => (isAnswered = true))
    expect(await answerTo(MESSAGE)).toMatchObject({ status: 503, error: 'in_flight' })
    expect(isAnswered).toBe(false)
    write()
    await answered
    expect(await answerTo(MESSAGE)).toMatchObject({ status: 200, duplicate: true })
  })

  it('refuses a forged delivery, and tells its sender no more than that', async () => {
    const { answerTo, outcomes } = setUp()
    const refused = { status: 401, received: false, error: 'signature_invalid' }
    expect(await answerTo(MESSAGE, { secret: 'guessed' })).toEqual(refused)
    expect(outcomes).toMatchObject([{ kind: 'rejected', status: 401, code: 'signature_invalid' }])
  })

  it('refuses a genuine delivery that is too old, as one that was recorded and is sent again', async () => {
    const { answerTo, clock, outcomes } = setUp()
    const sentAt = clock.now() - 301_000
    expect(await answerTo(MESSAGE, { sentAt })).toMatchObject({ status: 401, error: 'timestamp_invalid' })
    expect(outcomes[0]?.ageMs).toBeGreaterThanOrEqual(301_000)
  })

  it('refuses a signed body that is not JSON', async () => {
    const { answerTo } = setUp()
    expect(await answerTo('event=message.received')).toMatchObject({ status: 400, error: 'body_invalid' })
  })

  it('refuses a known event whose fields are not as its schema says, and shows the operator where', async () => {
    const { answerTo, outcomes } = setUp()
    const wrong = { ...MESSAGE, message: 'ada@example.com wrote' }
    expect(await answerTo(wrong)).toEqual({ status: 422, received: false, error: 'payload_invalid' })
    expect(outcomes[0]?.issues).toMatchObject([{ path: 'message' }])
    expect(JSON.stringify(outcomes)).not.toContain('ada@example.com')
  })

  it('hands over an event of a type that it does not know: a refusal would lose it', async () => {
    const { accepted } = setUp()
    const { delivery } = await accepted({ event: 'inbox.exploded', event_id: 'evt_2' })
    expect(delivery.event).toMatchObject({ type: 'unknown', name: 'inbox.exploded', known: false })
  })

  it('handles nothing while its store is down, and asks for a retry', async () => {
    const store = Object.assign(memoryStore(), { claim: () => Promise.reject(new Error('connection refused')) })
    const { deliver, outcomes } = setUp({ store })
    const { answer } = await deliver(MESSAGE)
    expect(answer).toMatchObject({ status: 503, body: '{"received":false,"error":"store_unavailable"}' })
    expect(answer?.headers['retry-after']).toBeDefined()
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'store_unavailable' }])
  })
})
