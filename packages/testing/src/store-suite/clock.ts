import { assert, expect, it, onTestFinished, vi } from 'vitest'
import { ABOUT, type Bench, granted, LONG_MS, SHORT_MS, statusOf } from './fixture.js'

const KEY = 'openmail:evt_1'
const DAY_MS = 24 * 3600_000

/** Puts this process's clock wrong by so much, and leaves its timers alone. */
function putClockWrong(byMs: number): void {
  vi.useRealTimers()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

export function clockTests(bench: Bench): void {
  it.each([
    { claimer: 'right', claimerMs: 0, asker: 'a day ahead', askerMs: DAY_MS },
    { claimer: 'a day behind', claimerMs: -DAY_MS, asker: 'right', askerMs: 0 },
    { claimer: 'a day ahead', claimerMs: DAY_MS, asker: 'a day behind', askerMs: -DAY_MS },
  ])(
    'keeps a lease to its length: claimed by a clock that is $claimer, asked for by one that is $asker',
    async ({ claimerMs, askerMs }) => {
      putClockWrong(claimerMs)
      await granted(bench.store, KEY, LONG_MS)
      putClockWrong(askerMs)
      const claim = await bench.store.claim(KEY, LONG_MS, ABOUT)
      assert(claim.status === 'in-flight')
      expect(claim.retryAfterMs).toBeGreaterThan(LONG_MS / 2)
      expect(claim.retryAfterMs).toBeLessThanOrEqual(LONG_MS)
    },
  )

  it('ends the lease of a process whose clock is a day ahead', async () => {
    putClockWrong(DAY_MS)
    const token = await granted(bench.store, KEY, LONG_MS)
    await bench.store.extend(KEY, token, SHORT_MS)
    putClockWrong(0)
    await bench.outlast(SHORT_MS)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })

  it('remembers what a process completed whose clock is a day behind', async () => {
    putClockWrong(-DAY_MS)
    await bench.store.complete(KEY, await granted(bench.store, KEY), LONG_MS)
    putClockWrong(0)
    expect(await statusOf(bench.store, KEY)).toBe('done')
    putClockWrong(DAY_MS)
    expect(await statusOf(bench.store, KEY)).toBe('done')
  })

  it('forgets in time what a process completed whose clock is a day ahead', async () => {
    putClockWrong(DAY_MS)
    await bench.store.complete(KEY, await granted(bench.store, KEY), SHORT_MS)
    putClockWrong(0)
    await bench.outlast(SHORT_MS)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })
}
