import { setImmediate as nextTurn } from 'node:timers/promises'
import { createReceiver, type DedupStore, memoryStore, type Outcome, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it, vi } from 'vitest'
import { receive } from '../request.js'
import { freezeTime, NOW, sent } from '../sent-now.js'

freezeTime()

/** A receiver on a store whose calls are noted. */
function setUp(options: { leaseMs?: number; maxHandlerMs?: number } = {}, replaced: Partial<DedupStore> = {}) {
  const memory = memoryStore()
  const calls: unknown[][] = []
  const outcomes: Outcome[] = []
  const noted =
    <Args extends unknown[], T>(name: string, act: (...args: Args) => Promise<T>) =>
    (...args: Args) => {
      calls.push([name, ...args.filter((arg) => typeof arg === 'number')])
      return act(...args)
    }
  const store: DedupStore = {
    claim: noted('claim', replaced.claim ?? ((...args) => memory.claim(...args))),
    complete: noted('complete', replaced.complete ?? ((...args) => memory.complete(...args))),
    release: noted('release', replaced.release ?? ((...args) => memory.release(...args))),
    extend: noted('extend', replaced.extend ?? ((...args) => memory.extend(...args))),
  }
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['key'] })],
    store,
    now: () => NOW,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  const accept = async (id: string) => {
    const reception = await receive(receiver, sent(id))
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    return reception
  }
  return { receiver, accept, calls, outcomes }
}

describe('the lease of a handler that runs', () => {
  it('is extended at a third of its length, and no longer once the handler has ended', async () => {
    const { accept, calls } = setUp({ leaseMs: 9_000 })
    const { settle } = await accept('evt_1')
    await vi.advanceTimersByTimeAsync(6_500)
    expect(calls).toEqual([
      ['claim', 9_000],
      ['extend', 9_000],
      ['extend', 9_000],
    ])
    await settle(200)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls.slice(3)).toEqual([['complete', 7 * 24 * 3600_000]])
  })

  it('leaves no timer behind once the handler has ended, whatever it has answered', async () => {
    for (const status of [200, 500]) {
      const { accept } = setUp()
      const { settle } = await accept('evt_1')
      await nextTurn()
      expect(vi.getTimerCount()).toBeGreaterThan(0)
      await settle(status)
      expect(vi.getTimerCount()).toBe(0)
    }
  })

  it('starts no timer if the handler ends in the turn in which it began', async () => {
    const { accept } = setUp()
    const { settle } = await accept('evt_1')
    expect(vi.getTimerCount()).toBe(0)
    await settle(200)
    await nextTurn()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    [200, 'handled'],
    [500, 'failed'],
  ])('whose end the store did not hear of leaves it to the answer %i what the outcome says', async (status, kind) => {
    const away = () => Promise.reject(new Error('planted'))
    const { accept, outcomes } = setUp({}, { complete: away, release: away })
    const { settle } = await accept('evt_1')
    await settle(status)
    expect(outcomes).toMatchObject([{ kind, status, settled: false }])
  })

  it('never reaches past maxHandlerMs', async () => {
    const { accept, calls } = setUp({ leaseMs: 9_000, maxHandlerMs: 10_000 })
    await accept('evt_1')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls).toEqual([
      ['claim', 9_000],
      ['extend', 7_000],
      ['extend', 4_000],
      ['extend', 1_000],
    ])
    const short = setUp({ leaseMs: 9_000, maxHandlerMs: 500 })
    await short.accept('evt_1')
    expect(short.calls).toEqual([['claim', 500]])
  })

  it('ends at maxHandlerMs: the signal aborts, the outcome says abandoned, the next delivery is handled', async () => {
    const { accept, receiver, outcomes } = setUp({ maxHandlerMs: 10_000 })
    const { delivery, settle } = await accept('evt_1')
    const { signal } = delivery
    await vi.advanceTimersByTimeAsync(9_999)
    expect((await receive(receiver, sent('evt_1'))).answer?.status).toBe(503)
    expect(signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(2)
    expect(signal.aborted).toBe(true)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['in-flight', 'abandoned'])
    const second = await accept('evt_1')
    await second.settle(200)
    await settle(200)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['in-flight', 'abandoned', 'handled'])
  })

  it('can still be completed by a late handler if it was not taken over', async () => {
    const { accept, receiver } = setUp({ maxHandlerMs: 10_000 })
    const { settle } = await accept('evt_1')
    await vi.advanceTimersByTimeAsync(20_000)
    await settle(200)
    expect((await receive(receiver, sent('evt_1'))).answer?.body).toBe('{"received":true,"duplicate":true}')
  })

  it('that is lost aborts the signal', async () => {
    const { accept } = setUp({ leaseMs: 9_000 }, { extend: async () => false })
    const { delivery } = await accept('evt_1')
    const { signal } = delivery
    await vi.advanceTimersByTimeAsync(3_100)
    expect(signal.aborted).toBe(true)
    expect(delivery.signal).toBe(signal)
  })

  it('survives a store that is away for a moment', async () => {
    let failures = 1
    const { accept, calls } = setUp(
      { leaseMs: 9_000 },
      {
        extend: async () => {
          if (failures-- > 0) throw new Error('planted')
          return true
        },
      },
    )
    const { delivery, settle } = await accept('evt_1')
    await vi.advanceTimersByTimeAsync(6_100)
    expect(calls.map(([name]) => name)).toEqual(['claim', 'extend', 'extend'])
    expect(delivery.signal.aborted).toBe(false)
    await settle(200)
  })

  it('is kept after a complete() that failed, and the end of the handler decides again', async () => {
    let failures = 1
    const memory = memoryStore()
    const { accept, outcomes } = setUp(
      { leaseMs: 9_000 },
      {
        complete: async () => {
          if (failures-- > 0) throw new Error('planted')
          return true
        },
        extend: (...args) => memory.extend(...args),
      },
    )
    const { delivery, settle } = await accept('evt_1')
    await expect(delivery.complete()).rejects.toMatchObject({ code: 'store_unavailable' })
    await settle(200)
    expect(outcomes).toMatchObject([{ kind: 'handled', settled: true }])
  })

  it('is not left to end when the store was away as the handler ended: the event is marked once it is back', async () => {
    let failures = 3
    const memory = memoryStore()
    const { accept, receiver, calls, outcomes } = setUp(
      { leaseMs: 9_000 },
      {
        claim: (...args) => memory.claim(...args),
        complete: async (...args) => {
          if (failures-- > 0) throw new Error('planted')
          return memory.complete(...args)
        },
      },
    )
    await (await accept('evt_1')).settle(200)
    expect(outcomes).toMatchObject([{ kind: 'handled', settled: false }])
    await vi.advanceTimersByTimeAsync(2_600)
    expect((await receive(receiver, sent('evt_1'))).answer?.status).toBe(503)
    await vi.advanceTimersByTimeAsync(200)
    expect((await receive(receiver, sent('evt_1'))).answer?.body).toBe('{"received":true,"duplicate":true}')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls.filter(([name]) => name === 'complete')).toHaveLength(4)
  })

  it('is not waited for without end: the attempts to mark the event stop at maxHandlerMs', async () => {
    const { accept, calls } = setUp(
      { leaseMs: 9_000, maxHandlerMs: 10_000 },
      {
        complete: async () => {
          throw new Error('planted')
        },
      },
    )
    await (await accept('evt_1')).settle(200)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls.filter(([name]) => name === 'complete')).toHaveLength(13)
  })

  it('is settled by its first end alone, even when the store did not hear of it', async () => {
    const complete = async () => {
      throw new Error('planted')
    }
    const { accept, calls, outcomes } = setUp({}, { complete })
    const { settle } = await accept('evt_1')
    await Promise.all([settle(200), settle(500)])
    await settle(500)
    expect(calls.map(([name]) => name)).toEqual(['claim', 'complete'])
    expect(outcomes).toMatchObject([{ kind: 'handled', status: 200, settled: false }])
  })

  it('reports the decision of the handler without a settle', async () => {
    const { accept, outcomes } = setUp({ maxHandlerMs: 10_000 })
    const completed = await accept('evt_1')
    const released = await accept('evt_2')
    await completed.delivery.complete()
    await released.delivery.release()
    await vi.advanceTimersByTimeAsync(9_990)
    expect(outcomes).toEqual([])
    await vi.advanceTimersByTimeAsync(20)
    expect(outcomes).toMatchObject([
      { kind: 'handled', status: 0, id: 'openmail:evt_1' },
      { kind: 'failed', status: 0, id: 'openmail:evt_2' },
    ])
    expect(completed.delivery.signal.aborted).toBe(false)
  })

  it('that is lost does not hide a handler that never ends', async () => {
    const { accept, outcomes, calls } = setUp({ leaseMs: 3_000, maxHandlerMs: 10_000 }, { extend: async () => false })
    await accept('evt_1')
    await vi.advanceTimersByTimeAsync(11_000)
    expect(outcomes).toMatchObject([{ kind: 'abandoned' }])
    expect(calls.map(([name]) => name)).toEqual(['claim', 'extend'])
  })

  it('keeps no process alive', async () => {
    vi.useRealTimers()
    const { accept } = setUp()
    const active = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = active()
    await accept('evt_1')
    expect(active()).toBe(before)
  })
})

describe('how long a handled event is remembered', () => {
  it('is the retention; without an id of its own only while the body may be repeated', async () => {
    const { accept, calls, receiver } = setUp()
    await (await accept('evt_1')).settle(200)
    const withoutId = signedDelivery('openmail', 'message.received', { secret: 'key', body: '{"event":"test"}' })
    const reception = await receive(receiver, withoutId)
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    expect(reception.delivery.id).toMatch(/^openmail:sha256:[0-9a-f]{64}$/)
    await reception.settle(200)
    expect(calls.filter(([name]) => name === 'complete')).toEqual([
      ['complete', 7 * 24 * 3600_000],
      // Longer than the retries, 525 s: a captured request stays within the window for so long.
      ['complete', 601_000],
    ])
  })
})
