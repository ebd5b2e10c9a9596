import { type DedupStore, memoryStore } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'
import { messageReceived, signed } from './deliveries.js'
import { gate, type Start } from './harness.js'

const UNAVAILABLE = { received: false, error: 'store_unavailable' }

/** A working store, with some methods replaced. */
function storeWith(replaced: Partial<DedupStore>): DedupStore {
  const store = memoryStore()
  return {
    claim: (...args) => store.claim(...args),
    complete: (...args) => store.complete(...args),
    release: (...args) => store.release(...args),
    extend: (...args) => store.extend(...args),
    ...replaced,
  }
}

const down = async () => {
  throw new Error('planted: connect ECONNREFUSED')
}

export function outageTests(start: Start): void {
  it('answers 503 when the store is down, and runs no handler', async () => {
    const { send, runs, outcomes } = await start({ store: storeWith({ claim: down }) })
    const answer = await send(signed(messageReceived()))
    expect(answer.status).toBe(503)
    expect(answer.json).toEqual(UNAVAILABLE)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(runs).toHaveLength(0)
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'store_unavailable' }])
  })

  it('releases a claim that is granted after the time-out', async () => {
    const { opened, open } = gate()
    const released = gate()
    const store = memoryStore()
    let claims = 0
    const slow = storeWith({
      claim: async (...args) => {
        if (++claims === 1) await opened
        return store.claim(...args)
      },
      complete: (...args) => store.complete(...args),
      release: async (...args) => {
        const result = await store.release(...args)
        released.open()
        return result
      },
    })
    const { send, runs } = await start({ store: slow, storeTimeoutMs: 50 })
    const delivery = signed(messageReceived())
    expect((await send(delivery)).json).toEqual(UNAVAILABLE)
    open()
    await released.opened
    expect(runs).toHaveLength(0)
    expect((await send(delivery)).status).toBe(200)
    expect(runs).toHaveLength(1)
  })

  it("sends the handler's 2xx when the event cannot be marked, because the work is done", async () => {
    const { send, outcomes } = await start({ store: storeWith({ complete: down }) })
    expect((await send(signed(messageReceived()))).status).toBe(200)
    expect(outcomes).toMatchObject([{ kind: 'handled', settled: false }])
  })

  it('reports settled: false when the claim was lost before the handler ended', async () => {
    const { send, outcomes } = await start({ store: storeWith({ complete: async () => false }) })
    expect((await send(signed(messageReceived()))).status).toBe(200)
    expect(outcomes).toMatchObject([{ kind: 'handled', settled: false }])
  })

  it('handles without a claim only with handleWhenStoreIsDown', async () => {
    const { send, runs, outcomes } = await start({ store: storeWith({ claim: down }), handleWhenStoreIsDown: true })
    expect((await send(signed(messageReceived()))).status).toBe(200)
    expect(runs).toHaveLength(1)
    expect(outcomes).toMatchObject([{ kind: 'handled', settled: false }])
  })
}
