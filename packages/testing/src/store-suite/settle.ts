import { expect, it } from 'vitest'
import { type Bench, granted, LONG_MS, SHORT_MS, statusOf } from './fixture.js'

const KEY = 'openmail:evt_1'

export function settleTests(bench: Bench): void {
  it('answers done for each claim of a completed key', async () => {
    const token = await granted(bench.store, KEY)
    expect(await bench.store.complete(KEY, token, LONG_MS)).toBe(true)
    expect(await bench.store.claim(KEY, LONG_MS, { provider: 'openmail', type: 'x' })).toEqual({ status: 'done' })
    expect(await statusOf(bench.store, KEY)).toBe('done')
  })

  it('remembers a done key longer than the lease under which it was claimed', async () => {
    const token = await granted(bench.store, KEY, SHORT_MS)
    await bench.store.complete(KEY, token, LONG_MS)
    await bench.outlast(SHORT_MS)
    expect(await statusOf(bench.store, KEY)).toBe('done')
  })

  it('still remembers a done key after a good part of its retention', async () => {
    const { retentionMs, spentMs } = bench.longRetention
    await bench.store.complete(KEY, await granted(bench.store, KEY), retentionMs)
    await bench.outlast(spentMs)
    expect(await statusOf(bench.store, KEY)).toBe('done')
  })

  it('forgets a done key when its retention ends, and grants it again', async () => {
    const token = await granted(bench.store, KEY, LONG_MS)
    await bench.store.complete(KEY, token, SHORT_MS)
    await bench.outlast(SHORT_MS)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })

  it('does not extend the retention of a done key when it is claimed', async () => {
    // A second, so that the key is surely still done at the claim.
    const retentionMs = 1000
    await bench.store.complete(KEY, await granted(bench.store, KEY), retentionMs)
    expect(await statusOf(bench.store, KEY)).toBe('done')
    await bench.outlast(retentionMs)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })

  it('grants a released key at once', async () => {
    const token = await granted(bench.store, KEY)
    expect(await bench.store.release(KEY, token)).toBe(true)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })

  it('keeps a done key when its token is used again', async () => {
    const token = await granted(bench.store, KEY)
    await bench.store.complete(KEY, token, LONG_MS)
    expect(await bench.store.release(KEY, token)).toBe(false)
    expect(await bench.store.extend(KEY, token, SHORT_MS)).toBe(false)
    await bench.outlast(SHORT_MS)
    expect(await statusOf(bench.store, KEY)).toBe('done')
  })

  it('keeps a released key free when its token is used again', async () => {
    const token = await granted(bench.store, KEY)
    await bench.store.release(KEY, token)
    expect(await bench.store.release(KEY, token)).toBe(false)
    expect(await bench.store.extend(KEY, token, LONG_MS)).toBe(false)
    expect(await bench.store.complete(KEY, token, LONG_MS)).toBe(false)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
  })

  it('refuses a token for a key that was never claimed, and the token of another key', async () => {
    const token = await granted(bench.store, 'openmail:evt_2')
    expect(await bench.store.complete(KEY, token, LONG_MS)).toBe(false)
    expect(await bench.store.extend(KEY, token, LONG_MS)).toBe(false)
    expect(await bench.store.release(KEY, token)).toBe(false)
    expect(await statusOf(bench.store, KEY)).toBe('claimed')
    expect(await bench.store.complete(KEY, token, LONG_MS)).toBe(false)
  })

  it('refuses a token that it never granted, and the holder keeps the key', async () => {
    const token = await granted(bench.store, KEY)
    for (const wrong of ['', 'made up', `${token}0`, '%', token.slice(0, -1)]) {
      expect(await bench.store.complete(KEY, wrong, LONG_MS)).toBe(false)
      expect(await bench.store.release(KEY, wrong)).toBe(false)
      expect(await bench.store.extend(KEY, wrong, SHORT_MS)).toBe(false)
    }
    await bench.outlast(SHORT_MS)
    expect(await statusOf(bench.store, KEY)).toBe('in-flight')
    expect(await bench.store.complete(KEY, token, LONG_MS)).toBe(true)
  })
}
