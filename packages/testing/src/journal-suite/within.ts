import { describe, expect, it } from 'vitest'
import {
  attemptOf,
  begun,
  ended,
  type Fixture,
  hashOf,
  LONG_MS,
  lapsed,
  newToken,
  ofKey,
  rerunOf,
  rowOf,
  statusOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'

export function withinTests(fixture: Fixture): void {
  /** Finishes in a transaction, which `end` then ends. */
  async function finishWithin(hash: string, token: string, end: 'commit' | 'rollback') {
    const transaction = await fixture.begin()
    try {
      return await fixture.store.finishWithin?.(transaction.within, hash, token)
    } finally {
      await transaction[end]()
    }
  }

  it('marks the entry as handled when the transaction commits', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    expect(await finishWithin(hash, token, 'commit')).toBe(true)
    expect(await fixture.store.isHandled?.(hash, token)).toBe(true)
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })

  it('ends the token', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    await finishWithin(hash, token, 'commit')
    expect(await fixture.store.finish(hash, token, { state: 'failed', next: 'never' })).toBe(false)
    expect(await fixture.store.extend(hash, token, LONG_MS)).toBe(false)
    expect((await rowOf(fixture.store, KEY)).state).toBe('handled')
  })

  it('marks the entry once, also when one transaction asks for that twice', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    const transaction = await fixture.begin()
    expect(await fixture.store.finishWithin?.(transaction.within, hash, token)).toBe(true)
    expect(await fixture.store.finishWithin?.(transaction.within, hash, token)).toBe(true)
    await transaction.commit()
    expect(await fixture.store.isHandled?.(hash, token)).toBe(true)
  })

  it('marks no entry in a second transaction, unless the first was rolled back', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    await finishWithin(hash, token, 'rollback')
    expect(await finishWithin(hash, token, 'commit')).toBe(true)
    await expect(async () => finishWithin(hash, token, 'rollback')).rejects.toThrow()
    expect(await fixture.store.isHandled?.(hash, token)).toBe(true)
  })

  it('marks nothing when the transaction rolls back', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    await finishWithin(hash, token, 'rollback')
    expect(await fixture.store.isHandled?.(hash, token)).toBe(false)
    expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
    expect(await fixture.store.finish(hash, token, { state: 'failed', next: 'never' })).toBe(true)
  })

  it('marks an entry whose lease has ended, and nobody took over', async () => {
    const { hash, token } = await lapsed(fixture, KEY)
    expect(await finishWithin(hash, token, 'commit')).toBe(true)
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })

  it('marks a rerun', async () => {
    await ended(fixture.store, KEY, 'dead')
    const rerun = rerunOf(KEY)
    await fixture.store.rerun(rerun)
    await finishWithin(rerun.hash, rerun.token, 'commit')
    expect((await rowOf(fixture.store, KEY)).state).toBe('handled')
  })

  it('takes the attempt afterwards, as a note', async () => {
    const { hash, token, number } = await begun(fixture.store, KEY)
    await finishWithin(hash, token, 'commit')
    await fixture.store.note(ofKey(KEY), attemptOf({ number }))
    expect(await rowOf(fixture.store, KEY)).toMatchObject({
      state: 'handled',
      attempts: [{ number: 1, kind: 'handled' }],
    })
  })

  it('throws when the token does not hold, so that the transaction rolls back', async () => {
    const { hash } = await begun(fixture.store, KEY)
    const over = await ended(fixture.store, 'openmail:evt_2', 'failed')
    await expect(async () => finishWithin(hash, newToken(), 'rollback')).rejects.toThrow()
    await expect(async () => finishWithin(over.hash, over.token, 'rollback')).rejects.toThrow()
    await expect(async () => finishWithin(hashOf('openmail:evt_3'), newToken(), 'rollback')).rejects.toThrow()
  })

  it.each([
    ['a text', 'BEGIN'],
    ['nothing', null],
    ['an object', {}],
  ])('throws a TypeError for %s', async (_, within) => {
    const { hash, token } = await begun(fixture.store, KEY)
    await expect(async () => fixture.store.finishWithin?.(within, hash, token)).rejects.toThrow(TypeError)
    expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
  })

  describe('isHandled', () => {
    it('is false for a run that goes on, another token and an unknown entry', async () => {
      const { hash, token } = await begun(fixture.store, KEY)
      expect(await fixture.store.isHandled?.(hash, token)).toBe(false)
      await finishWithin(hash, token, 'commit')
      expect(await fixture.store.isHandled?.(hash, newToken())).toBe(false)
      expect(await fixture.store.isHandled?.(hashOf('openmail:evt_2'), token)).toBe(false)
    })

    it('is false for a rerun of a handled entry that goes on', async () => {
      await ended(fixture.store, KEY, 'handled')
      const rerun = rerunOf(KEY)
      await fixture.store.rerun(rerun)
      expect(await fixture.store.isHandled?.(rerun.hash, rerun.token)).toBe(false)
    })
  })
}
