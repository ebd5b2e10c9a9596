import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { GuardedStore } from '../../src/claim/guarded-store.js'
import type { DedupStore } from '../../src/stores/dedup-store.js'
import { memoryStore } from '../../src/stores/memory/memory-store.js'
import { Timeouts } from '../../src/timeouts.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const guarded = (store: DedupStore) => new GuardedStore(store, 1_000, new Timeouts())

it('of the memory store needs no time limit', async () => {
  const store = guarded(memoryStore())
  const claimed = store.claim('key', 1_000, ABOUT)
  expect(vi.getTimerCount()).toBe(0)
  expect(await claimed).toMatchObject({ status: 'claimed' })
})

it('is not expected of a store that wraps the memory store', async () => {
  const inner = memoryStore()
  const claim = () => new Promise<never>(() => {})
  const store = guarded({
    claim,
    complete: inner.complete.bind(inner),
    release: inner.release.bind(inner),
    extend: inner.extend.bind(inner),
  })
  const claimed = store.claim('key', 1_000, ABOUT)
  const refused = expect(claimed).rejects.toMatchObject({ code: 'store_unavailable' })
  await vi.advanceTimersByTimeAsync(1_000)
  await refused
})

it('is a rejection if the memory store cannot do what it is asked, and no error that is thrown', async () => {
  const store = memoryStore({ now: () => Date.now() })
  await expect(store.complete('key', 'token', 1_000, { within: {} } as never)).rejects.toThrow(TypeError)
})
