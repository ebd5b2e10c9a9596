import { createReceiver, type DedupStore, memoryStore, openMail } from '@mailbox-hooks/core'
import { expect, it, vi } from 'vitest'
import { receive } from '../request.js'
import { freezeTime, sent } from '../sent-now.js'

freezeTime()

const LEASE_MS = 15_000

/** A receiver on a platform that ends timers with their request, unless it is to wait for some work. */
function setUp(methods: (store: DedupStore) => Partial<DedupStore>) {
  const memory = memoryStore()
  const store: DedupStore = {
    claim: (...args) => memory.claim(...args),
    complete: (...args) => memory.complete(...args),
    release: (...args) => memory.release(...args),
    extend: (...args) => memory.extend(...args),
    ...methods(memory),
  }
  const ended: boolean[] = []
  const waitUntil = vi.fn((work: Promise<unknown>) => {
    const index = ended.push(false) - 1
    work.then(() => {
      ended[index] = true
    })
  })
  const receiver = createReceiver({ providers: [openMail({ secrets: ['key'] })], store, leaseMs: LEASE_MS, waitUntil })
  const handle = async () => {
    const reception = await receive(receiver, sent('evt_1'))
    if (reception.answer !== undefined) return reception.answer.status
    await reception.settle(200)
    return 'handled'
  }
  return { handle, ended, waitUntil }
}

it('is none for a delivery that is handled', async () => {
  const { handle, waitUntil } = setUp(() => ({}))
  expect(await handle()).toBe('handled')
  expect(waitUntil).not.toHaveBeenCalled()
})

it('is a mark that failed, until the store has it', async () => {
  let failures = 3
  const { handle, ended } = setUp((store) => ({
    complete: (...args) => (failures-- > 0 ? Promise.reject(new Error('planted')) : store.complete(...args)),
  }))
  expect(await handle()).toBe('handled')
  await vi.advanceTimersByTimeAsync(0.2 * LEASE_MS)
  expect(ended).toEqual([false])
  await vi.advanceTimersByTimeAsync(0.1 * LEASE_MS)
  expect(ended).toEqual([true])
  expect(await handle()).toBe(200)
})

it('is a claim that was granted too late, until it is released', async () => {
  const release = vi.fn(async () => true)
  const { handle, ended } = setUp((store) => ({
    claim: async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      return store.claim(...args)
    },
    release,
  }))
  const answered = handle()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(await answered).toBe(503)
  expect(ended).toEqual([false])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(release).toHaveBeenCalledOnce()
  expect(ended).toEqual([true])
})

it('changes no answer if the platform refuses to wait for it', async () => {
  const { handle, waitUntil } = setUp(() => ({ complete: () => Promise.reject(new Error('planted')) }))
  waitUntil.mockImplementation(() => {
    throw new Error('planted')
  })
  expect(await handle()).toBe('handled')
})
