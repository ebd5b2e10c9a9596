import { afterEach, describe, expect, it, vi } from 'vitest'
import { backoffMs } from '../../src/journal/work.js'

afterEach(() => {
  vi.restoreAllMocks()
})

const backoffAt = (random: number, runs: number) => {
  vi.spyOn(Math, 'random').mockReturnValue(random)
  return backoffMs(runs)
}

describe('the pause after a failed run', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [10, 512_000],
  ])('number %i is twice the one before: about %i ms', (runs, ms) => {
    expect(backoffAt(0.5, runs)).toBe(ms)
  })

  it('differs by up to a quarter, so that simultaneous failures are not retried simultaneously', () => {
    expect([backoffAt(0, 3), backoffAt(0.999, 3)]).toEqual([3_000, expect.closeTo(5_000, -1)])
  })

  it('is never longer than an hour, however often it failed', () => {
    expect([backoffAt(0.5, 20), backoffAt(0.999, 2_000)]).toEqual([3600_000, 3600_000])
  })
})
