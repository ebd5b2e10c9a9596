import { createReceiver, type DedupStore, type Outcome, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it, vi } from 'vitest'
import { receive, type Sent } from '../request.js'
import { freezeTime, NOW, sent } from '../sent-now.js'
import { Transaction, transactionalStore } from './transactional-store.js'

freezeTime()

function setUp(replaced: Partial<DedupStore> = {}, options: Partial<ReceiverOptions> = {}) {
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['key'] })],
    store: transactionalStore(replaced),
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  const accept = async (delivery: Sent = sent('evt_1')) => {
    const reception = await receive(receiver, delivery)
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    return reception
  }
  const statusOf = async (id: string) => (await receive(receiver, sent(id))).answer?.status
  return { accept, statusOf, outcomes }
}

const down = () => Promise.reject(new Error('planted failure'))

describe('an event that is marked within a transaction', () => {
  it.each([200, 500])('is handled by the commit, whatever the handler answers: %i', async (status) => {
    const { accept, statusOf, outcomes } = setUp()
    const { delivery, settle } = await accept()
    const transaction = new Transaction()
    await delivery.complete({ within: transaction })
    await transaction.commit()
    expect(await settle(status)).toBeUndefined()
    expect(outcomes).toMatchObject([{ kind: 'handled', status, settled: true }])
    expect(await statusOf('evt_1')).toBe(200)
  })

  it('is never acknowledged after a rollback, and its next delivery is handled', async () => {
    const { accept, statusOf, outcomes } = setUp()
    const { delivery, settle } = await accept()
    await delivery.complete({ within: new Transaction() })
    expect(await settle(200)).toMatchObject({ status: 503 })
    expect(outcomes).toMatchObject([{ kind: 'failed', code: 'mark_not_committed', settled: true }])
    expect(await statusOf('evt_1')).toBeUndefined()
  })

  it.each([
    ['and is released', {}, true],
    ['and cannot be released', { release: down }, false],
  ])('is not acknowledged when the store cannot tell, %s', async (_how, replaced, settled) => {
    const { accept, outcomes } = setUp({ isDone: down, ...replaced })
    const { delivery, settle } = await accept()
    await delivery.complete({ within: new Transaction() })
    expect(await settle(200)).toMatchObject({ status: 503 })
    expect(outcomes).toMatchObject([{ code: 'mark_not_committed', settled }])
  })

  it('is released by the handler that says so after a rollback, and its own answer goes out', async () => {
    const { accept, statusOf, outcomes } = setUp()
    const { delivery, settle } = await accept()
    await delivery.complete({ within: new Transaction() })
    expect(await delivery.release()).toBe(true)
    expect(await settle(500)).toBeUndefined()
    expect(outcomes).toMatchObject([{ kind: 'failed', status: 500, settled: true }])
    expect(await statusOf('evt_1')).toBeUndefined()
  })

  it('is reported as handled when its handler then hangs, because no retry will handle it', async () => {
    const { accept, outcomes } = setUp({}, { maxHandlerMs: 1_000 })
    const { delivery } = await accept()
    const transaction = new Transaction()
    await delivery.complete({ within: transaction })
    await transaction.commit()
    await vi.advanceTimersByTimeAsync(1_100)
    expect(outcomes).toMatchObject([{ kind: 'handled' }])
    expect(delivery.signal.aborted).toBe(false)
  })

  it.each([
    ['nothing was committed', {}],
    ['the store cannot tell', { isDone: down }],
  ])('is abandoned when its handler hangs and %s', async (_why, replaced) => {
    const { accept, outcomes } = setUp(replaced, { maxHandlerMs: 1_000 })
    const { delivery } = await accept()
    await delivery.complete({ within: new Transaction() })
    await vi.advanceTimersByTimeAsync(1_100)
    expect(outcomes).toMatchObject([{ kind: 'abandoned' }])
    expect(delivery.signal.aborted).toBe(true)
  })
})

describe('the position of an event that is marked within a transaction', () => {
  const happened = (id: string, afterMs: number): Sent =>
    signedDelivery('openmail', 'inbox.suspended', {
      secret: 'key',
      at: NOW,
      payload: { event_id: id, inbox_id: 'inb_1', occurred_at: new Date(NOW + afterMs).toISOString() },
    })

  it.each([
    ['is remembered after the commit', true],
    ['is not remembered after a rollback', false],
  ])('%s', async (_title, isCommitted) => {
    const { accept } = setUp({}, { ordering: true })
    const { delivery, settle } = await accept(happened('evt_new', 0))
    const transaction = new Transaction()
    await delivery.complete({ within: transaction })
    if (isCommitted) await transaction.commit()
    await settle(200)
    expect((await accept(happened('evt_old', -1_000))).delivery.stale).toBe(isCommitted)
  })
})
