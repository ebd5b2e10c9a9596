import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Timeouts } from '../src/timeouts.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Timeouts that note when they act. */
function setUp() {
  const timeouts = new Timeouts()
  const acted: string[] = []
  const start = (name: string, ms: number) => timeouts.start(ms, () => acted.push(name))
  return { timeouts, acted, start }
}

describe('timeouts', () => {
  it('act at their times, in whatever order they were started', async () => {
    const { acted, start } = setUp()
    start('late', 3_000)
    start('early', 1_000)
    start('between', 2_000)
    await vi.advanceTimersByTimeAsync(999)
    expect(acted).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(acted).toEqual(['early'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(acted).toEqual(['early', 'between', 'late'])
  })

  it('do not act once they are stopped, and those behind them still do', async () => {
    const { timeouts, acted, start } = setUp()
    const stopped = start('stopped', 1_000)
    start('other', 2_000)
    timeouts.stop(stopped)
    await vi.advanceTimersByTimeAsync(1_999)
    expect(acted).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(acted).toEqual(['other'])
  })

  it('do not act when one that is due with them stops them', async () => {
    const { timeouts, acted, start } = setUp()
    timeouts.start(1_000, () => timeouts.stop(second))
    const second = start('second', 1_000)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(acted).toEqual([])
  })

  it('may start others when they act', async () => {
    const { timeouts, acted, start } = setUp()
    timeouts.start(1_000, () => start('next', 500))
    await vi.advanceTimersByTimeAsync(1_499)
    expect(acted).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(acted).toEqual(['next'])
  })

  it('have a timer each, which ends when they are stopped', () => {
    const { timeouts, start } = setUp()
    const started = [1_000, 1_001, 1_002].map((ms) => start('', ms))
    expect(vi.getTimerCount()).toBe(3)
    for (const timeout of started) timeouts.stop(timeout)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('act if the timers of others are lost', async () => {
    const { timeouts, acted, start } = setUp()
    clearTimeout(timeouts.start(1_000, () => undefined).timer)
    start('other', 2_000)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(acted).toEqual(['other'])
  })

  it('may be longer than timers can be', async () => {
    const { acted, start } = setUp()
    const days = 24 * 3600_000
    start('after 30 days', 30 * days)
    await vi.advanceTimersByTimeAsync(30 * days - 1)
    expect(acted).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(acted).toEqual(['after 30 days'])
  })
})
