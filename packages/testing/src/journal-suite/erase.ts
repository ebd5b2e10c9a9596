import { describe, expect, it } from 'vitest'
import {
  aboutOf,
  attemptOf,
  begun,
  ended,
  entryOf,
  type Fixture,
  LONG_MS,
  ofKey,
  queryOf,
  rerunOf,
  rowOf,
  SECOND_MS,
  SHORT_MS,
  statusOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'
const ABOUT = [aboutOf('ada')]

export function eraseTests(fixture: Fixture): void {
  /** An entry that was handled and erased. */
  async function erased(given = {}) {
    const entry = await ended(fixture.store, KEY, 'handled', given)
    expect(await fixture.store.erase({ namespace: '', hash: entry.hash })).toBe(1)
    return entry
  }

  it('erases an entry by its hash, and no other', async () => {
    await ended(fixture.store, 'openmail:evt_2', 'handled')
    const { hash } = await erased({ about: ABOUT })
    expect(await fixture.store.read('', hash)).toBeUndefined()
    expect(await fixture.store.find(queryOf())).toHaveLength(1)
    expect(await fixture.store.find(queryOf({ about: ABOUT }))).toEqual([])
  })

  it('erases entries by any of several tokens, and resolves to how many there were', async () => {
    await ended(fixture.store, 'one', 'handled', { about: [aboutOf('ada'), aboutOf('bob')] })
    await ended(fixture.store, 'two', 'failed', { about: [aboutOf('bob')] })
    await begun(fixture.store, 'three', { as: 'queued', about: [aboutOf('eve')] })
    expect(await fixture.store.erase({ namespace: '', about: [aboutOf('ada'), aboutOf('bob')] })).toBe(2)
    expect(await fixture.store.find(queryOf())).toMatchObject([{ state: 'queued' }])
    expect(await fixture.store.find(queryOf({ about: [aboutOf('bob')] }))).toEqual([])
  })

  it('erases nothing where there is nothing, or nothing any more', async () => {
    expect(await fixture.store.erase({ namespace: '', hash: entryOf(KEY).hash })).toBe(0)
    expect(await fixture.store.erase({ namespace: '', about: ABOUT })).toBe(0)
    expect(await fixture.store.erase({ namespace: '', about: [] })).toBe(0)
    const { hash } = await erased({ about: ABOUT })
    expect(await fixture.store.erase({ namespace: '', hash })).toBe(0)
    expect(await fixture.store.erase({ namespace: '', about: ABOUT })).toBe(0)
  })

  it('answers handled from then on, whatever the entry was', async () => {
    await ended(fixture.store, 'failed', 'failed')
    await begun(fixture.store, 'queued', { as: 'queued' })
    await begun(fixture.store, 'running')
    for (const key of ['failed', 'queued', 'running']) {
      expect(await fixture.store.erase({ namespace: '', hash: entryOf(key).hash })).toBe(1)
      expect(await statusOf(fixture.store, key)).toBe('handled')
      expect(await statusOf(fixture.store, key, { as: 'failed' })).toBe('handled')
    }
  })

  it('ends the run, so that nothing comes back', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    await fixture.store.erase({ namespace: '', hash })
    const ending = { state: 'failed', next: 'never', attempt: attemptOf() } as const
    expect(await fixture.store.finish(hash, token, ending)).toBe(false)
    expect(await fixture.store.extend(hash, token, LONG_MS)).toBe(false)
    expect(await fixture.store.find(queryOf())).toEqual([])
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })

  it('leaves nothing to rerun', async () => {
    await erased()
    expect(await fixture.store.rerun(rerunOf(KEY))).toEqual({ status: 'missing' })
  })

  describe('when the window has ended', () => {
    it('inserts the event as one that is new', async () => {
      await fixture.store.note(ofKey(KEY), attemptOf())
      await erased({ windowMs: SHORT_MS, about: ABOUT })
      await fixture.outlast(SHORT_MS)
      const entry = entryOf(KEY, { type: 'again', about: [aboutOf('bob')] })
      expect(await fixture.store.begin(entry)).toEqual({ status: 'begun', number: 1, isNew: true, hash: entry.hash })
      expect(await rowOf(fixture.store, KEY)).toMatchObject({
        type: 'again',
        state: 'received',
        attemptCount: 1,
        attempts: [],
      })
      expect(await fixture.store.find(queryOf({ about: ABOUT }))).toEqual([])
      expect(await fixture.store.find(queryOf({ about: [aboutOf('bob')] }))).toHaveLength(1)
    })

    it('answers outlived where the entry guarded for a limited time', async () => {
      await erased({ windowMs: SHORT_MS, isLimited: true })
      await fixture.outlast(SHORT_MS)
      expect(await statusOf(fixture.store, KEY)).toBe('outlived')
      expect(await statusOf(fixture.store, KEY, { generation: 1 })).toBe('begun')
    })

    it('counts from the last delivery', async () => {
      await erased({ windowMs: 2 * SECOND_MS })
      await fixture.outlast(SECOND_MS)
      expect(await statusOf(fixture.store, KEY)).toBe('handled')
      await fixture.outlast(SECOND_MS)
      expect(await statusOf(fixture.store, KEY)).toBe('handled')
    })
  })
}
