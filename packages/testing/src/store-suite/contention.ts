import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Claim, DedupStore } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'
import { ABOUT, type Bench, granted, LONG_MS, SHORT_MS, statusOf } from './fixture.js'

const KEY = 'openmail:evt_1'

const winners = (claims: readonly Claim[]) => claims.filter(({ status }) => status === 'claimed').length

export function contentionTests(bench: Bench, connections: number): void {
  /** Runs an action on all connections at once. */
  async function fromAll<T>(act: (store: DedupStore, index: number) => Promise<T>): Promise<T[]> {
    const stores = await bench.others(connections)
    return Promise.all(stores.map(act))
  }

  it(`grants one of ${connections} parallel claims of a key, each on its own connection`, async () => {
    const claims = await fromAll((store) => store.claim(KEY, LONG_MS, ABOUT))
    expect(winners(claims)).toBe(1)
    expect(claims.filter(({ status }) => status === 'in-flight')).toHaveLength(connections - 1)
  })

  it('grants one of many parallel claims of a key whose lease has ended', async () => {
    await granted(bench.store, KEY, SHORT_MS)
    await bench.outlast(SHORT_MS)
    expect(winners(await fromAll((store) => store.claim(KEY, LONG_MS, ABOUT)))).toBe(1)
  })

  it('grants one of many parallel claims of a key whose retention has ended', async () => {
    await bench.store.complete(KEY, await granted(bench.store, KEY), SHORT_MS)
    await bench.outlast(SHORT_MS)
    expect(winners(await fromAll((store) => store.claim(KEY, LONG_MS, ABOUT)))).toBe(1)
  })

  it('settles a key once for parallel attempts', async () => {
    const token = await granted(bench.store, KEY)
    const settled = await fromAll((store, index) =>
      index % 2 === 0 ? store.complete(KEY, token, LONG_MS) : store.release(KEY, token),
    )
    expect(settled.filter(Boolean)).toHaveLength(1)
    expect(await statusOf(bench.store, KEY)).toBe(settled.indexOf(true) % 2 === 0 ? 'done' : 'claimed')
  })

  it('grants each of 100 keys once in 1,000 claims at once', async () => {
    const stores = await bench.others(10)
    const claims = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => {
        const key = `openmail:evt_${index % 100}`
        // With ten stores and a hundred keys, shift the stores. Otherwise all claims of a key go through one store.
        const store = stores[(index + Math.floor(index / 100)) % stores.length] ?? bench.store
        return { key, claim: await store.claim(key, LONG_MS, ABOUT) }
      }),
    )
    const granted = claims.filter(({ claim }) => claim.status === 'claimed').map(({ key }) => key)
    expect(granted).toHaveLength(100)
    expect(new Set(granted).size).toBe(100)
    expect(claims.filter(({ claim }) => claim.status === 'in-flight')).toHaveLength(900)
  })

  it('never grants a key to two holders while it is claimed and released', async () => {
    const holders = new Map<string, number>()
    let most = 0
    let grants = 0

    async function work(store: DedupStore, worker: number): Promise<void> {
      for (let round = 0; round < 30; round++) {
        const key = `openmail:evt_${(worker + round) % 3}`
        const claim = await store.claim(key, LONG_MS, ABOUT)
        if (claim.status !== 'claimed') continue
        grants++
        holders.set(key, (holders.get(key) ?? 0) + 1)
        most = Math.max(most, holders.get(key) ?? 0)
        await nextTurn()
        // Check before the release, because another holder may rightly have the key afterwards.
        holders.set(key, (holders.get(key) ?? 0) - 1)
        expect(await store.release(key, claim.token)).toBe(true)
      }
    }

    const stores = await bench.others(8)
    await Promise.all(stores.map(work))
    expect(most).toBe(1)
    expect(grants).toBeGreaterThan(30)
  })
}
