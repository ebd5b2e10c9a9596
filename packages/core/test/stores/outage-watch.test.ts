import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { OutageWatch } from '../../src/stores/outage-watch.js'

const LEASE_MS = 10_000
const FREE = { graceMs: 0, retryAfterMs: 0 }

const answer = async () => 'answer'
const failure = () => Promise.reject(new Error('planted'))

describe('a watch over outages', () => {
  let watch: OutageWatch
  let answers: number

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
    answers = 0
    watch = new OutageWatch({ onAnswer: () => answers++, isAnswer: (error) => String(error).includes('refused') })
  })
  afterEach(() => void vi.useRealTimers())

  const pass = (ms: number) => void vi.advanceTimersByTime(ms)
  const fail = () => watch.watch(failure).catch(() => undefined)

  it('protects nothing while the store answers, however long nobody asks', async () => {
    expect(watch.protection(LEASE_MS)).toEqual(FREE)
    await watch.watch(answer)
    pass(3600_000)
    await watch.watch(answer)
    expect(watch.protection(LEASE_MS)).toEqual(FREE)
    expect(answers).toBe(2)
  })

  it('protects leases that ended since the last answer, while calls fail', async () => {
    await watch.watch(answer)
    pass(4_000)
    await fail()
    pass(1_000)
    expect(watch.protection(LEASE_MS)).toEqual({ graceMs: 5_000, retryAfterMs: LEASE_MS / 2 })
  })

  it('protects them while a call is not answered for longer than a second', async () => {
    await watch.watch(answer)
    pass(4_000)
    let end = () => {}
    const slow = watch.watch(() => new Promise<void>((resolve) => (end = resolve)))
    pass(1_000)
    expect(watch.protection(LEASE_MS)).toEqual(FREE)
    pass(1)
    expect(watch.protection(LEASE_MS).graceMs).toBe(5_001)
    end()
    await slow
    expect(watch.protection(LEASE_MS)).toEqual({ graceMs: 5_001, retryAfterMs: LEASE_MS / 2 })
  })

  it('protects the same leases for half a lease after the outage', async () => {
    await watch.watch(answer)
    pass(20_000)
    await fail()
    await watch.watch(answer)
    pass(2_000)
    await watch.watch(answer)
    expect(watch.protection(LEASE_MS)).toEqual({ graceMs: 22_000, retryAfterMs: 3_000 })
    pass(2_999)
    expect(watch.protection(LEASE_MS)).toEqual({ graceMs: 24_999, retryAfterMs: 1 })
    pass(1)
    expect(watch.protection(LEASE_MS)).toEqual(FREE)
  })

  it('protects all leases where the store has never answered before', async () => {
    await fail()
    expect(watch.protection(LEASE_MS).graceMs).toBe(Number.POSITIVE_INFINITY)
    await watch.watch(answer)
    expect(watch.protection(LEASE_MS).graceMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('takes no notice of one call that is slow beside others that are answered', async () => {
    await watch.watch(answer)
    watch.watch(() => new Promise(() => {}))
    pass(500)
    await watch.watch(answer)
    pass(2_000)
    expect(watch.protection(LEASE_MS)).toEqual(FREE)
  })

  it('takes a refusal of the server for an answer', async () => {
    await watch.watch(answer)
    pass(5_000)
    await expect(watch.watch(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
    expect(watch.protection(LEASE_MS)).toEqual(FREE)
    expect(answers).toBe(2)
  })
})
