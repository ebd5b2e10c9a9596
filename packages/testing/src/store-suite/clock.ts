import { assert, expect, it, onTestFinished, vi } from 'vitest'
import { titled } from '../titled.js'
import { ABOUT, type Bench, granted, LONG_MS, SHORT_MS, statusOf } from './fixture.js'

const KEY = 'openmail:evt_1'
const DAY_MS = 24 * 3600_000

/** Shifts this process's clock, but not its timers. */
function putClockWrong(byMs: number): void {
  vi.useRealTimers()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

export function clockTests(bench: Bench): void {
  it.each(
    titled(
      [
        { claimer: 'right', claimerMs: 0, asker: 'a day ahead', askerMs: DAY_MS },
        { claimer: 'a day behind', claimerMs: -DAY_MS, asker: 'right', askerMs: 0 },
        { claimer: 'a day ahead', claimerMs: DAY_MS, asker: 'a day behind', askerMs: -DAY_MS },
      ],
      ({ claimer, asker }) =>
        `keeps the length of a lease: the clock of the claimer is ${claimer}, the clock of the other is ${asker}`,
    ),
  )('%s', async ({ claimerMs, askerMs }) => {
    putClockWrong(claimerMs)
    await granted(bench.store, KEY, LONG_MS)
    putClockWrong(askerMs)
    const claim = await bench.store.claim(KEY, LONG_MS, ABOUT)
    assert(claim.status === 'in-flight')
    expect(claim.retryAfterMs).toBeGreaterThan(LONG_MS / 2)
    expect(claim.retryAfterMs).toBeLessThanOrEqual(LONG_MS)
  })

  it('ends the lease of a process whose clock is a day ahead', async () => {
    putClockWrong(DAY_MS)
    const token = await granted(bench.store, KEY, LONG_MS)
    await bench.store.extend(KEY, token, SHORT_MS)
    putClockWrong(0)
    await bench.outlast(SHORT_MS)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })

  it('remembers a key that a process with a clock a day behind completed', async () => {
    putClockWrong(-DAY_MS)
    await bench.store.complete(KEY, await granted(bench.store, KEY), LONG_MS)
    putClockWrong(0)
    expect(await statusOf(bench.store, KEY)).toBe('done')
    putClockWrong(DAY_MS)
    expect(await statusOf(bench.store, KEY)).toBe('done')
  })

  it('forgets in time a key that a process with a clock a day ahead completed', async () => {
    putClockWrong(DAY_MS)
    await bench.store.complete(KEY, await granted(bench.store, KEY), SHORT_MS)
    putClockWrong(0)
    await bench.outlast(SHORT_MS)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })
}
