import type { EntryRow, RowQuery } from '@mailbox-hooks/core/journal'
import { beforeEach, describe, expect, it } from 'vitest'
import { aboutOf, attemptOf, begun, ended, type Fixture, hashOf, ofKey, queryOf, rowOf } from './fixture.js'

const NOON = Date.UTC(2026, 0, 31, 12)

export function findTests(fixture: Fixture): void {
  const find = (given: Partial<RowQuery> = {}) => fixture.store.find(queryOf(given))

  /** The keys of entries, as the fixture seals them. */
  const keysOf = (rows: readonly EntryRow[]) =>
    rows.map(({ meta }) => Buffer.from(meta).toString().slice('meta of '.length))

  const found = async (given: Partial<RowQuery>) => keysOf(await find(given))

  describe('finds by', () => {
    beforeEach(async () => {
      const { store } = fixture
      await ended(store, 'one', 'handled', { about: [aboutOf('ada'), aboutOf('shop')], occurredAtMs: NOON })
      await fixture.outlast(0)
      await ended(store, 'two', 'failed', { provider: 'inboxkit', about: [aboutOf('ada')], occurredAtMs: NOON + 1 })
      await fixture.outlast(0)
      await ended(store, 'three', 'dead', { account: 'eu', type: 'mailbox.created', about: [aboutOf('bob')] })
      await fixture.outlast(0)
      await begun(store, 'four', { as: 'queued', provider: 'inboxkit', account: 'us', occurredAtMs: NOON + 2 })
      await fixture.outlast(0)
      await begun(store, 'five', { account: 'eu', about: [aboutOf('shop')] })
    })

    it.each<[string, Partial<RowQuery>, string[]]>([
      ['nothing: all, the newest first', {}, ['five', 'four', 'three', 'two', 'one']],
      ['nothing: all, the oldest first', { order: 'oldest' }, ['one', 'two', 'three', 'four', 'five']],
      ['nothing: the newest few', { limit: 2 }, ['five', 'four']],
      ['nothing: the oldest few', { limit: 2, order: 'oldest' }, ['one', 'two']],
      ['provider', { provider: 'inboxkit' }, ['four', 'two']],
      ['account', { account: 'eu' }, ['five', 'three']],
      ['type', { type: 'mailbox.created' }, ['three']],
      ['state', { states: ['failed'] }, ['two']],
      ['the state received', { states: ['received'] }, ['five']],
      ['the state handled', { states: ['handled'] }, ['one']],
      ['several states', { states: ['queued', 'failed', 'dead'] }, ['four', 'three', 'two']],
      [
        'several states, the oldest first',
        { states: ['dead', 'failed', 'queued'], order: 'oldest' },
        ['two', 'three', 'four'],
      ],
      ['several states, a few', { states: ['failed', 'dead', 'queued'], limit: 2 }, ['four', 'three']],
      ['several states and handled', { states: ['failed', 'handled'] }, ['two', 'one']],
      ['no state at all', { states: [] }, []],
      ['token', { about: [aboutOf('bob')] }, ['three']],
      ['token, the newest first', { about: [aboutOf('ada')] }, ['two', 'one']],
      ['token, the oldest first', { about: [aboutOf('ada')], order: 'oldest' }, ['one', 'two']],
      ['token, a few', { about: [aboutOf('ada')], limit: 1 }, ['two']],
      [
        'any of several tokens, each entry once',
        { about: [aboutOf('shop'), aboutOf('ada'), aboutOf('eve')] },
        ['five', 'two', 'one'],
      ],
      [
        'any of several tokens, a few',
        { about: [aboutOf('shop'), aboutOf('ada')], limit: 2, order: 'oldest' },
        ['one', 'two'],
      ],
      ['a token that none has', { about: [aboutOf('eve')] }, []],
      ['no token at all', { about: [] }, []],
      ['the time after which it happened', { occurredAfter: NOON }, ['four', 'two']],
      ['token and provider', { about: [aboutOf('ada')], provider: 'openmail' }, ['one']],
      [
        'token, state and time',
        { about: [aboutOf('ada')], states: ['handled', 'failed'], occurredAfter: NOON },
        ['two'],
      ],
      [
        'state and provider',
        { states: ['queued', 'failed', 'received'], provider: 'inboxkit', account: 'us' },
        ['four'],
      ],
      ['what only fits together', { provider: 'inboxkit', type: 'mailbox.created' }, []],
    ])('%s', async (_, query, keys) => {
      expect(await found(query)).toEqual(keys)
    })

    it('the time of the first receipt, from one and before another', async () => {
      const times = await Promise.all(
        ['two', 'four'].map(async (key) => (await rowOf(fixture.store, key)).firstReceivedAt),
      )
      const [since = 0, until = 0] = times
      expect(await found({ since })).toEqual(['five', 'four', 'three', 'two'])
      expect(await found({ until })).toEqual(['three', 'two', 'one'])
      expect(await found({ since, until })).toEqual(['three', 'two'])
      expect(await found({ since, until, about: [aboutOf('ada')] })).toEqual(['two'])
      expect(await found({ since, until, states: ['dead', 'queued'] })).toEqual(['three'])
      expect(await found({ since: since + 1 })).toEqual(['five', 'four', 'three'])
    })

    it('the first receipt, though an entry was delivered again', async () => {
      await fixture.store.begin({ ...(await begun(fixture.store, 'two')), token: 'aa' })
      expect(await found({})).toEqual(['five', 'four', 'three', 'two', 'one'])
    })
  })

  describe('goes on beyond an entry', () => {
    const KEYS = Array.from({ length: 30 }, (_, index) => `entry_${index}`)

    /** All at once, so that many have the same time. */
    beforeEach(async () => {
      const about = [aboutOf('ada'), aboutOf('bob')]
      await Promise.all(KEYS.map((key) => ended(fixture.store, key, 'failed', { about })))
    })

    it.each<[string, Partial<RowQuery>]>([
      ['the newest first', {}],
      ['the oldest first', { order: 'oldest' }],
      ['among those of a state', { states: ['failed', 'dead'] }],
      ['among those of a state, the oldest first', { states: ['failed'], order: 'oldest' }],
      ['among those of a token', { about: [aboutOf('bob'), aboutOf('ada')] }],
      ['among those of a token, the oldest first', { about: [aboutOf('ada')], order: 'oldest' }],
    ])('%s, and shows each once', async (_, query) => {
      const all = await find(query)
      const pages: EntryRow[] = []
      for (let page = await find({ ...query, limit: 7 }); page.length > 0; ) {
        pages.push(...page)
        const { firstReceivedAt: at, hash } = page.at(-1)!
        page = await find({ ...query, limit: 7, after: { at, hash } })
      }
      expect(keysOf(pages)).toEqual(keysOf(all))
      expect([...keysOf(pages)].sort()).toEqual([...KEYS].sort())
      const times = pages.map(({ firstReceivedAt }) => firstReceivedAt)
      const sorted = [...times].sort((one, other) => (query.order === 'oldest' ? one - other : other - one))
      expect(times).toEqual(sorted)
    })
  })

  it('shows entries with their attempts, the oldest first, and without their content', async () => {
    for (const key of ['one', 'two']) {
      await ended(fixture.store, key, 'handled')
      for (const kind of ['duplicate', 'in-flight', 'duplicate'])
        await fixture.store.note(ofKey(key), attemptOf({ kind }))
    }
    const rows = await find({ order: 'oldest', limit: 2 })
    expect(rows).toHaveLength(2)
    for (const row of rows) {
      expect(row.attempts.map(({ number, kind }) => [number, kind])).toEqual([
        [2, 'duplicate'],
        [3, 'in-flight'],
        [4, 'duplicate'],
      ])
      expect(row).not.toHaveProperty('content')
    }
  })

  it('shows an entry as read does', async () => {
    const { hash } = await ended(fixture.store, 'one', 'failed', { account: 'eu' })
    await fixture.store.note(ofKey('one'), attemptOf({ error: Buffer.from('sealed') }))
    const { content: _, ...row } = await rowOf(fixture.store, 'one')
    expect(await find()).toEqual([row])
    expect(row.hash).toBe(hash)
  })

  it('reads nothing of an entry that it does not know', async () => {
    await begun(fixture.store, 'one')
    expect(await fixture.store.read('', hashOf('two'))).toBeUndefined()
  })
}
