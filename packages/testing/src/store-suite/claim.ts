import { assert, expect, it } from 'vitest'
import { ABOUT, type Bench, granted, LONG_MS, statusOf } from './fixture.js'

export function claimTests(bench: Bench): void {
  it('grants an unclaimed key', async () => {
    const claim = await bench.store.claim('openmail:evt_1', LONG_MS, ABOUT)
    expect(claim).toEqual({ status: 'claimed', token: expect.stringMatching(/./) })
  })

  it('answers in-flight with the remaining lease while the key is held', async () => {
    await granted(bench.store, 'openmail:evt_1', LONG_MS)
    const claim = await bench.store.claim('openmail:evt_1', 5 * LONG_MS, ABOUT)
    assert(claim.status === 'in-flight')
    expect(claim.retryAfterMs).toBeGreaterThan(LONG_MS / 2)
    expect(claim.retryAfterMs).toBeLessThanOrEqual(LONG_MS)
  })

  it('answers the same to another connection', async () => {
    const [other] = await bench.others(1)
    assert(other !== undefined)
    const token = await granted(bench.store, 'openmail:evt_1')
    expect(await statusOf(other, 'openmail:evt_1')).toBe('in-flight')
    expect(await other.complete('openmail:evt_1', token, LONG_MS)).toBe(true)
    expect(await statusOf(bench.store, 'openmail:evt_1')).toBe('done')
  })

  it('gives every grant its own token', async () => {
    const first = await granted(bench.store, 'openmail:evt_1')
    const elsewhere = await granted(bench.store, 'openmail:evt_2')
    await bench.store.release('openmail:evt_1', first)
    const second = await granted(bench.store, 'openmail:evt_1')
    expect(new Set([first, elsewhere, second]).size).toBe(3)
  })

  it('grants a key independently of other keys', async () => {
    await bench.store.complete('openmail:evt_1', await granted(bench.store, 'openmail:evt_1'), LONG_MS)
    await granted(bench.store, 'openmail:evt_2')
    expect(await statusOf(bench.store, 'openmail:evt_3')).toBe('claimed')
  })
}
