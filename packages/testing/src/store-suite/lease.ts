import { assert, describe, expect, it } from 'vitest'
import { ABOUT, type Bench, granted, LONG_MS, SHORT_MS, statusOf } from './fixture.js'

const KEY = 'openmail:evt_1'

export function leaseTests(bench: Bench): void {
  it('grants the key to the next claim after the lease has ended', async () => {
    const first = await granted(bench.store, KEY, SHORT_MS)
    await bench.outlast(SHORT_MS)
    const second = await granted(bench.store, KEY, LONG_MS)
    expect(second).not.toBe(first)
    expect(await statusOf(bench.store, KEY)).toBe('in-flight')
  })

  it('ends a lease on time although others claim the key meanwhile', async () => {
    // A second, so that the key is surely still held at the claims.
    const leaseMs = 1000
    await granted(bench.store, KEY, leaseMs)
    expect(await statusOf(bench.store, KEY)).toBe('in-flight')
    await bench.outlast(leaseMs)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })

  it('lets a lease end later when it is extended', async () => {
    const token = await granted(bench.store, KEY, SHORT_MS)
    expect(await bench.store.extend(KEY, token, LONG_MS)).toBe(true)
    await bench.outlast(SHORT_MS)
    const claim = await bench.store.claim(KEY, LONG_MS, ABOUT)
    assert(claim.status === 'in-flight')
    expect(claim.retryAfterMs).toBeGreaterThan(LONG_MS / 2)
    expect(claim.retryAfterMs).toBeLessThanOrEqual(LONG_MS)
  })

  it('lets a lease end earlier when it is extended by less than its remaining time', async () => {
    const token = await granted(bench.store, KEY, LONG_MS)
    expect(await bench.store.extend(KEY, token, SHORT_MS)).toBe(true)
    await bench.outlast(SHORT_MS)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })

  it('accepts fractions of milliseconds', async () => {
    const token = await granted(bench.store, KEY, SHORT_MS + 0.25)
    expect(await bench.store.extend(KEY, token, LONG_MS + 0.123_456_789)).toBe(true)
    expect(await bench.store.extend(KEY, token, 0.000_1)).toBe(true)
    expect(await bench.store.complete(KEY, token, LONG_MS + 1 / 3)).toBe(true)
    expect(await statusOf(bench.store, KEY)).toBe('done')
  })

  describe('that ended and was not taken over', () => {
    it('can still be completed', async () => {
      const token = await granted(bench.store, KEY, SHORT_MS)
      await bench.outlast(SHORT_MS)
      expect(await bench.store.complete(KEY, token, LONG_MS)).toBe(true)
      expect(await statusOf(bench.store, KEY)).toBe('done')
    })

    it('can still be extended', async () => {
      const token = await granted(bench.store, KEY, SHORT_MS)
      await bench.outlast(SHORT_MS)
      expect(await bench.store.extend(KEY, token, LONG_MS)).toBe(true)
      expect(await statusOf(bench.store, KEY)).toBe('in-flight')
      expect(await bench.store.complete(KEY, token, LONG_MS)).toBe(true)
    })

    it('can still be released, once', async () => {
      const token = await granted(bench.store, KEY, SHORT_MS)
      await bench.outlast(SHORT_MS)
      expect(await bench.store.release(KEY, token)).toBe(true)
      expect(await bench.store.release(KEY, token)).toBe(false)
      expect(await statusOf(bench.store, KEY)).toBe('claimed')
    })
  })

  describe('that another holder took over', () => {
    /** Returns the token whose lease ended, and the token of the new holder. */
    async function takenOver(leaseMs: number): Promise<[old: string, current: string]> {
      const old = await granted(bench.store, KEY, SHORT_MS)
      await bench.outlast(SHORT_MS)
      return [old, await granted(bench.store, KEY, leaseMs)]
    }

    async function expectPowerless(old: string): Promise<void> {
      expect(await bench.store.extend(KEY, old, LONG_MS)).toBe(false)
      expect(await bench.store.release(KEY, old)).toBe(false)
      expect(await bench.store.complete(KEY, old, LONG_MS)).toBe(false)
    }

    it('ignores the old token, and the new holder keeps the key', async () => {
      const [old, current] = await takenOver(LONG_MS)
      await expectPowerless(old)
      expect(await statusOf(bench.store, KEY)).toBe('in-flight')
      expect(await bench.store.complete(KEY, current, LONG_MS)).toBe(true)
    })

    it('still ignores the old token after the new lease has ended', async () => {
      const [old, current] = await takenOver(SHORT_MS)
      await bench.outlast(SHORT_MS)
      await expectPowerless(old)
      expect(await bench.store.complete(KEY, current, LONG_MS)).toBe(true)
    })

    it('still ignores the old token after the new holder has released the key', async () => {
      const [old, current] = await takenOver(LONG_MS)
      await bench.store.release(KEY, current)
      await expectPowerless(old)
      expect(await statusOf(bench.store, KEY)).toBe('claimed')
    })

    it('still ignores the old token after the new holder has completed the key', async () => {
      const [old, current] = await takenOver(LONG_MS)
      await bench.store.complete(KEY, current, LONG_MS)
      await expectPowerless(old)
      expect(await statusOf(bench.store, KEY)).toBe('done')
    })
  })
}
