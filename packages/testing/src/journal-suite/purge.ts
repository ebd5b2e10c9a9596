import { describe, expect, it } from 'vitest'
import {
  aboutOf,
  attemptOf,
  begun,
  ended,
  entryOf,
  type Fixture,
  LONG_MS,
  lapsed,
  ofKey,
  queryOf,
  rowOf,
  SECOND_MS,
  SHORT_MS,
  statusOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'

export function purgeTests(fixture: Fixture): void {
  const purge = (given = {}) => fixture.store.purge({ namespace: '', keepMs: SHORT_MS, limit: 10_000, ...given })

  it('deletes entries whose last delivery is long ago, in each state but queued', async () => {
    for (const state of ['handled', 'failed', 'dead'] as const) await ended(fixture.store, state, state)
    await lapsed(fixture, 'died')
    await fixture.outlast(SHORT_MS)
    expect(await purge()).toBe(4)
    expect(await fixture.store.find(queryOf())).toEqual([])
    expect(await purge()).toBe(0)
  })

  it('keeps entries that are delivered anew, and those that are young', async () => {
    await ended(fixture.store, 'old', 'handled')
    await ended(fixture.store, KEY, 'handled')
    await fixture.outlast(SECOND_MS)
    await statusOf(fixture.store, KEY)
    await begun(fixture.store, 'young', { as: 'failed' })
    expect(await purge({ keepMs: SECOND_MS })).toBe(1)
    expect(await fixture.store.find(queryOf())).toHaveLength(2)
    expect(await purge({ keepMs: LONG_MS })).toBe(0)
  })

  it('keeps entries that are queued', async () => {
    await begun(fixture.store, KEY, { as: 'queued' })
    await fixture.outlast(SHORT_MS)
    expect(await purge()).toBe(0)
    expect(await statusOf(fixture.store, KEY)).toBe('queued')
  })

  it('keeps entries that a run has, until its lease ends', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    await fixture.outlast(SHORT_MS)
    expect(await purge()).toBe(0)
    expect(await fixture.store.extend(hash, token, SHORT_MS)).toBe(true)
    await fixture.outlast(SHORT_MS)
    expect(await purge()).toBe(1)
  })

  it('deletes at most so many, the oldest first', async () => {
    for (const key of ['one', 'two', 'three']) {
      await ended(fixture.store, key, 'handled')
      await fixture.outlast(0)
    }
    await fixture.outlast(SHORT_MS)
    expect(await purge({ limit: 1 })).toBe(1)
    expect(await statusOf(fixture.store, 'two', { as: 'failed' })).toBe('handled')
    await fixture.outlast(SHORT_MS)
    expect(await purge({ limit: 5 })).toBe(2)
  })

  it('deletes more than a batch', async () => {
    const keys = Array.from({ length: 1_200 }, (_, index) => `entry_${index}`)
    await Promise.all(keys.map((key) => begun(fixture.store, key, { as: 'failed' })))
    await fixture.outlast(SHORT_MS)
    expect(await purge({ limit: 1_100 })).toBe(1_100)
    expect(await purge()).toBe(100)
  })

  it('leaves nothing of an entry, which is new when it is delivered again', async () => {
    const about = [aboutOf('ada')]
    await ended(fixture.store, KEY, 'handled', { about })
    await fixture.store.note(ofKey(KEY), attemptOf({ kind: 'duplicate' }))
    await fixture.outlast(SHORT_MS)
    expect(await purge()).toBe(1)
    const entry = entryOf(KEY)
    expect(await fixture.store.begin(entry)).toEqual({ status: 'begun', number: 1, isNew: true, hash: entry.hash })
    expect((await rowOf(fixture.store, KEY)).attempts).toEqual([])
    expect(await fixture.store.find(queryOf({ about }))).toEqual([])
  })

  describe('of entries that were erased', () => {
    it('deletes those whose window has ended, however long others are kept', async () => {
      const { hash } = await ended(fixture.store, KEY, 'handled', { windowMs: SHORT_MS })
      await fixture.store.erase({ namespace: '', hash })
      await fixture.outlast(SHORT_MS)
      expect(await purge({ keepMs: LONG_MS })).toBe(1)
      expect(await purge({ keepMs: LONG_MS })).toBe(0)
    })

    it('keeps those whose window has not ended', async () => {
      const { hash } = await ended(fixture.store, KEY, 'handled')
      await fixture.store.erase({ namespace: '', hash })
      await fixture.outlast(SHORT_MS)
      expect(await purge()).toBe(0)
      expect(await statusOf(fixture.store, KEY)).toBe('handled')
    })
  })

  it('deletes each entry once, where several purge at once', async () => {
    const keys = Array.from({ length: 300 }, (_, index) => `entry_${index}`)
    await Promise.all(keys.map((key) => begun(fixture.store, key, { as: 'failed' })))
    await fixture.outlast(SHORT_MS)
    const stores = await fixture.others(4)
    const counts = await Promise.all(
      stores.map((store) => store.purge({ namespace: '', keepMs: SHORT_MS, limit: 1_000 })),
    )
    // What one has locked another leaves to it.
    expect(counts.reduce((sum, count) => sum + count, await purge())).toBe(300)
  })
}
