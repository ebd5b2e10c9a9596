import { createReceiver, type DedupStore, memoryStore, type Outcome, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it, vi } from 'vitest'
import { receive } from '../request.js'
import { freezeTime, NOW, sent } from '../sent-now.js'

freezeTime()

function setUp(replaced: Partial<DedupStore> = {}, handleWhenStoreIsDown = false, ordering = false) {
  const memory = memoryStore()
  const store: DedupStore = {
    claim: memory.claim.bind(memory),
    complete: memory.complete.bind(memory),
    release: memory.release.bind(memory),
    extend: memory.extend.bind(memory),
    ...replaced,
  }
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['key'] })],
    store,
    handleWhenStoreIsDown,
    ordering,
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  const accept = async (delivery = sent('evt_1')) => {
    const reception = await receive(receiver, delivery)
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    return reception
  }
  return { accept, outcomes, receiver }
}

const down = () => Promise.reject(new Error('planted failure'))

describe('complete() and release() tell whether the store did it', () => {
  it('release() is true for a claim that was held, and complete() is false after it', async () => {
    const { delivery } = await setUp().accept()
    expect([await delivery.release(), await delivery.complete()]).toEqual([true, false])
  })

  it('complete() is true for a claim that was held, and release() is false after it', async () => {
    const { delivery } = await setUp().accept()
    expect([await delivery.complete(), await delivery.release()]).toEqual([true, false])
  })

  it('both are false when the token no longer holds', async () => {
    const lost = { complete: async () => false, release: async () => false }
    const { accept } = setUp(lost)
    expect(await (await accept()).delivery.complete()).toBe(false)
    const another = await setUp(lost).accept()
    expect(await another.delivery.release()).toBe(false)
  })
})

describe('a handler that failed while the store is away', () => {
  it('is reported as failed, and its event is never marked as handled later', async () => {
    const complete = vi.fn(async () => true)
    const { accept, outcomes } = setUp({ release: down, complete })
    const { settle } = await accept()
    await settle(500)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(outcomes).toMatchObject([{ kind: 'failed', settled: false }])
    expect(complete).not.toHaveBeenCalled()
  })
})

describe('a handler that succeeded while the store is away', () => {
  it('is reported as handled, and its answer goes out, because the work is done', async () => {
    const { accept, outcomes } = setUp({ complete: down })
    expect(await (await accept()).settle(200)).toBeUndefined()
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 200, settled: false }])
  })
})

describe('a store that cannot remember the position of a handled event', () => {
  it('changes nothing about the event, which is handled', async () => {
    const position = async (_entity: string, handled?: object) => (handled === undefined ? undefined : down())
    const { accept, outcomes } = setUp({ position }, false, true)
    const delivery = signedDelivery('openmail', 'inbox.suspended', {
      secret: 'key',
      at: NOW,
      payload: { event_id: 'evt_1', inbox_id: 'inb_1', occurred_at: new Date(NOW).toISOString() },
    })
    expect(await (await accept(delivery)).settle(200)).toBeUndefined()
    expect(outcomes).toMatchObject([{ kind: 'handled', settled: true }])
  })
})

describe('a lease that was lost', () => {
  it('aborts the signal with a reason that says so', async () => {
    const { delivery } = await setUp({ extend: async () => false }).accept()
    await vi.advanceTimersByTimeAsync(6_000)
    expect(delivery.signal.reason).toEqual(new Error('The lease was lost: another process may be handling the event.'))
  })

  it('aborts no signal after the handler has decided', async () => {
    // The answer to the extension arrives after the decision.
    const extend = () => new Promise<boolean>((resolve) => setTimeout(resolve, 1_000, false))
    const { delivery } = await setUp({ extend }).accept()
    await vi.advanceTimersByTimeAsync(5_500)
    await delivery.complete()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(delivery.signal.aborted).toBe(false)
  })
})

describe('a store that does not answer', () => {
  it.each([
    ['in time', () => new Promise<never>(() => undefined), 'The store did not answer within 3000 ms.'],
    ['but fails', down, 'The store failed.'],
  ])('%s is named in the outcome', async (_how, claim, message) => {
    const { outcomes, receiver } = setUp({ claim })
    const answered = receive(receiver, sent('evt_1'))
    await vi.advanceTimersByTimeAsync(3_000)
    expect((await answered).answer?.status).toBe(503)
    expect(outcomes).toMatchObject([{ code: 'store_unavailable', message }])
  })

  it('has nothing to release when its late answer grants nothing', async () => {
    const release = vi.fn(async () => true)
    const claim = () =>
      new Promise<{ status: 'done' }>((resolve) => setTimeout(() => resolve({ status: 'done' }), 5_000))
    const { receiver } = setUp({ claim, release })
    const answered = receive(receiver, sent('evt_1'))
    await vi.advanceTimersByTimeAsync(6_000)
    expect((await answered).answer?.status).toBe(503)
    expect(release).not.toHaveBeenCalled()
  })

  it('is no obstacle with handleWhenStoreIsDown: nothing aborts, and there is no claim to settle', async () => {
    const { accept } = setUp({ claim: down }, true)
    const { delivery } = await accept()
    expect(delivery.signal.aborted).toBe(false)
    expect([await delivery.complete(), await delivery.release()]).toEqual([false, false])
  })
})
