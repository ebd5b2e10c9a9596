import type { NewerQuery } from '@mailbox-hooks/core/journal'
import { describe, expect, it } from 'vitest'
import { aboutOf, ended, type Fixture, queryOf, rowOf } from './fixture.js'

const ABOUT = [aboutOf('inbox')]

export function newerTests(fixture: Fixture): void {
  /** A store without `hasNewer` answers by `find`. */
  async function hasNewer(given: Partial<NewerQuery> = {}): Promise<boolean> {
    const query = { namespace: '', about: ABOUT, occurredAfter: 1_000, since: 0, ...given }
    if (fixture.store.hasNewer !== undefined) return fixture.store.hasNewer(query)
    return (await fixture.store.find({ ...queryOf(query), states: ['handled'] })).length > 0
  }

  const handled = (key: string, given = {}) =>
    ended(fixture.store, key, 'handled', { about: ABOUT, occurredAtMs: 2_000, ...given })

  it('finds a handled entry that happened later', async () => {
    await handled('later')
    expect(await hasNewer()).toBe(true)
  })

  it('finds it by any of several tokens', async () => {
    await handled('later', { about: [aboutOf('thread'), ...ABOUT] })
    expect(await hasNewer({ about: [aboutOf('domain'), ...ABOUT] })).toBe(true)
  })

  it('finds it among others that happened earlier', async () => {
    await handled('later')
    for (const key of ['one', 'two']) await handled(key, { occurredAtMs: 500 })
    expect(await hasNewer()).toBe(true)
  })

  describe('finds no entry', () => {
    it('that happened at the same time, earlier, or at a time that nobody knows', async () => {
      await handled('same', { occurredAtMs: 1_000 })
      await handled('earlier', { occurredAtMs: 999 })
      await handled('unknown', { occurredAtMs: undefined })
      expect(await hasNewer()).toBe(false)
    })

    it('that is not handled', async () => {
      for (const state of ['failed', 'dead', 'queued'] as const)
        await ended(fixture.store, state, state, { about: ABOUT, occurredAtMs: 2_000 })
      expect(await hasNewer()).toBe(false)
    })

    it('with another token, or of another namespace', async () => {
      await handled('other token', { about: [aboutOf('thread')] })
      await handled('other namespace', { namespace: 'other' })
      expect(await hasNewer()).toBe(false)
      expect(await hasNewer({ namespace: 'other' })).toBe(true)
    })

    it('that was received first before the given time', async () => {
      await handled('later')
      const { firstReceivedAt } = await rowOf(fixture.store, 'later')
      expect(await hasNewer({ since: firstReceivedAt })).toBe(true)
      expect(await hasNewer({ since: firstReceivedAt + 1 })).toBe(false)
    })

    it('where no token is asked for', async () => {
      await handled('later')
      expect(await hasNewer({ about: [] })).toBe(false)
    })
  })

  it('answers each of many that ask at once', async () => {
    for (const name of ['a', 'b']) await handled(name, { about: [aboutOf(name)] })
    const asked = ['a', 'x', 'b', 'a', 'y'].map((name) => hasNewer({ about: [aboutOf(name)] }))
    expect(await Promise.all(asked)).toEqual([true, false, true, true, false])
  })
}
