import {
  createReceiver,
  type DedupStore,
  memoryStore,
  type Outcome,
  openMail,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { receive, type Sent } from '../request.js'
import { freezeTime, sent } from '../sent-now.js'

freezeTime()

function setUp(options: Partial<ReceiverOptions> = {}) {
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['key'] })],
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  return { outcomes, deliver: (delivery: Sent) => receive(receiver, delivery) }
}

/** A store in memory, some of whose methods are replaced. */
function storeWith(methods: Partial<DedupStore>): DedupStore {
  const store = memoryStore()
  return {
    claim: (...args) => store.claim(...args),
    complete: (...args) => store.complete(...args),
    release: (...args) => store.release(...args),
    extend: (...args) => store.extend(...args),
    position: (...args) => store.position!(...args),
    ...methods,
  }
}

describe('with handleWhenStoreIsDown', () => {
  it('a duplicate of a running event is still answered 503, because the store is not down', async () => {
    const { deliver, outcomes } = setUp({ handleWhenStoreIsDown: true })
    const first = await deliver(sent('evt_1'))
    expect(first.answer).toBeUndefined()
    const second = await deliver(sent('evt_1'))
    expect(second.answer?.status).toBe(503)
    expect(outcomes).toMatchObject([{ kind: 'in-flight', code: 'in_flight' }])
  })

  it('a handled event is still a duplicate', async () => {
    const { deliver } = setUp({ handleWhenStoreIsDown: true })
    const first = await deliver(sent('evt_1'))
    if (first.answer === undefined) await first.settle(200)
    expect((await deliver(sent('evt_1'))).answer?.status).toBe(200)
  })
})

describe('a claim that is granted too late', () => {
  it('is released, and a release that fails then ends no process', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    const release = vi.fn(() => Promise.reject(new Error('planted failure')))
    const slow = () =>
      new Promise<{ status: 'claimed'; token: string }>((resolve) =>
        setTimeout(() => resolve({ status: 'claimed', token: 'late' }), 5_000),
      )
    const { deliver } = setUp({ store: storeWith({ claim: slow, release }) })
    const answered = deliver(sent('evt_1'))
    await vi.advanceTimersByTimeAsync(3_000)
    expect((await answered).answer?.status).toBe(503)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(release).toHaveBeenCalledWith('openmail:evt_1', 'late')
    vi.useRealTimers()
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('the bytes of a rejected delivery', () => {
  it('are offered for an authentic one, and for no forged one', async () => {
    const { deliver, outcomes } = setUp({ store: storeWith({ claim: () => Promise.reject(new Error('down')) }) })
    const genuine = sent('evt_1')
    await deliver(genuine)
    await deliver({ ...genuine, body: String(genuine.body).replace('evt_1', 'evt_2') })
    expect(outcomes.map(({ code }) => code)).toEqual(['store_unavailable', 'signature_invalid'])
    expect(Buffer.from(outcomes[0]!.rawBody!()).toString()).toBe(genuine.body)
    expect(outcomes[1]!.rawBody).toBeUndefined()
  })
})

describe('the signal of a delivery', () => {
  it('is aborted when it is first asked for after its handler ran too long', async () => {
    const { deliver } = setUp({ maxHandlerMs: 1_000 })
    const reception = await deliver(sent('evt_1'))
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    await vi.advanceTimersByTimeAsync(1_100)
    expect(reception.delivery.signal.aborted).toBe(true)
    expect(String(reception.delivery.signal.reason)).toContain('1000 ms')
  })
})

describe('an event of an unknown type', () => {
  it('has at most 200 characters of its name in the outcome, which is printed', async () => {
    const { deliver, outcomes } = setUp()
    const { signedDelivery } = await import('@mailbox-hooks/testing')
    // The types know no other name than the one that is sent.
    const name = 'x'.repeat(10_000)
    const at = Date.now()
    const reception = await deliver(
      signedDelivery('openmail', 'message.received', {
        secret: 'key',
        at,
        payload: { event_id: 'evt_1', event: name as 'message.received' },
      }),
    )
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    expect(reception.delivery.event).toMatchObject({ type: 'unknown', name })
    await reception.settle(200)
    expect(outcomes).toMatchObject([{ kind: 'handled', name: 'x'.repeat(200) }])
  })
})
