import { describe, expect, it } from 'vitest'
import {
  attemptOf,
  begun,
  ended,
  entryOf,
  type Fixture,
  hashOf,
  LONG_MS,
  ofKey,
  rowOf,
  SECOND_MS,
  SHORT_MS,
  statusOf,
} from './fixture.js'

const KEY = 'openmail:body_1'
const LIMITED = { isLimited: true, windowMs: SHORT_MS }

export function limitedTests(fixture: Fixture): void {
  it('answers handled while the window lasts', async () => {
    await ended(fixture.store, KEY, 'handled', { ...LIMITED, windowMs: LONG_MS })
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })

  it('answers handled after the window where the entry guards for ever', async () => {
    await ended(fixture.store, KEY, 'handled', { windowMs: SHORT_MS })
    await fixture.outlast(SHORT_MS)
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })

  it('answers outlived after the window, whatever the entry is', async () => {
    await ended(fixture.store, 'handled', 'handled', LIMITED)
    await ended(fixture.store, 'failed', 'failed', LIMITED)
    await begun(fixture.store, 'queued', { ...LIMITED, as: 'queued' })
    await begun(fixture.store, 'running', LIMITED)
    await fixture.outlast(SHORT_MS)
    for (const key of ['handled', 'failed', 'queued', 'running']) {
      expect(await fixture.store.begin(entryOf(key))).toEqual({ status: 'outlived', generation: 0 })
    }
  })

  it('does not let the window begin anew by a delivery that is answered outlived', async () => {
    // A second, so that it has surely not ended when it is asked again.
    await ended(fixture.store, KEY, 'handled', { ...LIMITED, windowMs: SECOND_MS })
    await fixture.outlast(SECOND_MS)
    expect(await statusOf(fixture.store, KEY)).toBe('outlived')
    expect(await statusOf(fixture.store, KEY)).toBe('outlived')
  })

  it('lets the window begin anew by a duplicate', async () => {
    await ended(fixture.store, KEY, 'handled', { ...LIMITED, windowMs: 2 * SECOND_MS })
    await fixture.outlast(SECOND_MS)
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
    await fixture.outlast(SECOND_MS)
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })

  describe('with a greater generation', () => {
    /** A key whose first entry was outlived, and its second one. */
    async function secondOf(key: string, given = {}) {
      await ended(fixture.store, key, 'handled', LIMITED)
      await fixture.outlast(SHORT_MS)
      return begun(fixture.store, key, { generation: 1, ...given })
    }

    it('inserts an entry of its own beside the one that was outlived', async () => {
      const { hash, number } = await secondOf(KEY)
      expect([hash, number]).toEqual([hashOf(`${KEY}~1`), 1])
      expect((await fixture.store.read('', hash))?.keyHash).toBe(hashOf(KEY))
      expect((await rowOf(fixture.store, KEY)).state).toBe('handled')
    })

    it('inserts nothing while the window lasts', async () => {
      await ended(fixture.store, KEY, 'handled', { ...LIMITED, windowMs: LONG_MS })
      expect(await statusOf(fixture.store, KEY, { generation: 1 })).toBe('handled')
    })

    it('then guards by the newest entry', async () => {
      await secondOf(KEY)
      expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
      expect(await statusOf(fixture.store, KEY, { generation: 1 })).toBe('in-flight')
    })

    it('takes the newest entry when its run has failed', async () => {
      const { hash, token } = await secondOf(KEY)
      await fixture.store.finish(hash, token, { state: 'failed', next: 'never' })
      expect(await fixture.store.begin(entryOf(KEY))).toEqual({ status: 'begun', number: 2, isNew: false, hash })
    })

    it('says which generation was outlived, and inserts only one that is greater', async () => {
      await secondOf(KEY, LIMITED)
      await fixture.outlast(SHORT_MS)
      expect(await fixture.store.begin(entryOf(KEY))).toEqual({ status: 'outlived', generation: 1 })
      expect(await fixture.store.begin(entryOf(KEY, { generation: 1 }))).toEqual({ status: 'outlived', generation: 1 })
      expect(await statusOf(fixture.store, KEY, { generation: 2 })).toBe('begun')
    })

    it('has attempts noted in the newest entry', async () => {
      const { hash } = await secondOf(KEY)
      await fixture.store.note(ofKey(KEY), attemptOf({ kind: 'in-flight' }))
      expect((await fixture.store.read('', hash))?.attempts).toHaveLength(1)
      expect((await rowOf(fixture.store, KEY)).attempts).toEqual([])
    })
  })
}
