import { setTimeout as wait } from 'node:timers/promises'
import type { SqlStore } from '@mailbox-hooks/core/sql'
import { afterAll, assert, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { titled } from '../../../../testing/src/titled.js'
import { DATABASES, type Database } from './databases.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const LEASE_MS = 15_000
const RETENTION_MS = 60_000
const DAY_MS = 24 * 3600_000

async function granted(store: SqlStore, key: string, about = ABOUT): Promise<string> {
  const claim = await store.claim(key, LEASE_MS, about)
  assert(claim.status === 'claimed', `${key} is ${claim.status}`)
  return claim.token
}

const keysOf = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}_${index}`)

describe.each(titled(DATABASES, 'name'))('the tables in %s', ({ isAbsent, open, quote, sha256 }) => {
  describe.skipIf(isAbsent)('of a store', () => {
    let database: Database

    beforeAll(async () => {
      database = await open()
    })
    afterAll(() => database?.close())

    it('are created once, however many processes start at once', async () => {
      const { events } = database
      await database.rows(`DROP TABLE ${events}, ${events}_entities`)
      await Promise.all(Array.from({ length: 10 }, () => database.another({ connections: 1 }).migrate()))
      await granted(database.store, 'migrated')
      await database.store.migrate()
      expect((await database.store.claim('migrated', LEASE_MS, ABOUT)).status).toBe('in-flight')
    })

    it.each(['a"b`c', "it's", 'drop table x; --', 'Ünïcödé', 'SELECT', '%s $1 ?'])(
      'have the name that was asked for: %s',
      async (name) => {
        const store = database.storeOf(name)
        await store.migrate()
        try {
          const token = await granted(store, 'key')
          expect(await store.complete('key', token, RETENTION_MS)).toBe(true)
          expect(await store.position('entity', { at: 1, retentionMs: RETENTION_MS })).toBe(1)
          expect(await database.rows(`SELECT event_key FROM ${quote(name)}`)).toEqual([{ event_key: 'key' }])
        } finally {
          await database.rows(`DROP TABLE ${quote(name)}, ${quote(`${name}_entities`)}`)
        }
      },
    )

    it.each(['', 'a\0b', 'x'.repeat(44), 'ü'.repeat(22)])('refuse a name that cannot be one: %j', (name) => {
      expect(() => database.storeOf(name)).toThrow(TypeError)
    })

    it('tell a person what happened', async () => {
      const about = { provider: 'inboxkit', type: 'mailbox.created' }
      await database.store.release('openmail:told', await granted(database.store, 'openmail:told', ABOUT))
      await database.store.complete(
        'openmail:told',
        await granted(database.store, 'openmail:told', about),
        RETENTION_MS,
      )
      const [row] = await database.rows(
        `SELECT provider, type, state, attempts, claimed_at <= done_at AS is_in_order, done_at < expires_at AS is_kept
        FROM ${database.events} WHERE event_key = 'openmail:told'`,
      )
      expect({ ...row, is_in_order: Boolean(row?.is_in_order), is_kept: Boolean(row?.is_kept) }).toEqual({
        ...about,
        state: 'done',
        attempts: 2,
        is_in_order: true,
        is_kept: true,
      })
    })

    it('show a person an event by the SHA-256 of its key', async () => {
      await granted(database.store, 'openmail:hashed')
      const where = `WHERE key_hash = ${sha256("'openmail:hashed'")}`
      expect(await database.rows(`SELECT event_key FROM ${database.events} ${where}`)).toEqual([
        { event_key: 'openmail:hashed' },
      ])
    })

    it('serve a pool of one connection', async () => {
      const store = database.another({ connections: 1 })
      const settled = await Promise.all(
        keysOf('alone', 100).map(async (key) => store.complete(key, await granted(store, key), RETENTION_MS)),
      )
      expect(settled).toEqual(Array(100).fill(true))
    })

    it('keep the rows of a batch in which one is refused, and fail its caller alone', async () => {
      await database.rows(`ALTER TABLE ${database.events} ADD CONSTRAINT no_bad CHECK (type <> 'bad')`)
      try {
        const claims = await Promise.allSettled(
          keysOf('checked', 20).map((key, index) =>
            database.store.claim(key, LEASE_MS, { ...ABOUT, type: index === 13 ? 'bad' : 'good' }),
          ),
        )
        const failed = claims.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))
        expect(failed).toEqual([13])
      } finally {
        await database.rows(`ALTER TABLE ${database.events} DROP CONSTRAINT no_bad`)
      }
    })

    describe('lose by purge()', () => {
      const settle = async (name: string, count: number, act: (key: string, token: string) => unknown) => {
        await Promise.all(keysOf(name, count).map(async (key) => act(key, await granted(database.store, key))))
      }
      /** Makes events as old as if so many hours had passed. */
      const age = (hours: number, where = 'true') =>
        database.rows(`UPDATE ${database.events} SET expires_at = expires_at - INTERVAL '${hours}' HOUR WHERE ${where}`)
      const namesLeft = async () => {
        const left = await database.rows(`SELECT event_key FROM ${database.events}`)
        return [...new Set(left.map(({ event_key }) => String(event_key).replace(/_\d+$/, '')))].sort()
      }

      beforeEach(() => database.rows(`DELETE FROM ${database.events}`))

      it('rows that are over, and nothing else', async () => {
        await settle('over', 10, (key, token) => database.store.complete(key, token, 1))
        await settle('failed', 5, (key, token) => database.store.release(key, token))
        await settle('lapsed', 5, (key, token) => database.store.extend(key, token, 1))
        await settle('done', 5, (key, token) => database.store.complete(key, token, RETENTION_MS))
        await settle('held', 5, () => undefined)
        await database.store.position('old', { at: 1, retentionMs: 1 })
        await database.store.position('new', { at: 1, retentionMs: RETENTION_MS })
        await wait(20)
        expect(await database.store.purge({ limit: 4 })).toBe(4)
        expect(await database.store.purge()).toBe(7)
        expect(await database.store.purge()).toBe(0)
        expect(await namesLeft()).toEqual(['done', 'failed', 'held', 'lapsed'])
        expect(await database.store.position('new')).toBe(1)
      })

      it('events that failed or were never settled, when they are as old as handled ones become', async () => {
        await settle('failed', 3, (key, token) => database.store.release(key, token))
        await settle('lapsed', 3, (key, token) => database.store.extend(key, token, 1))
        await wait(20)
        await age(25)
        expect(await database.store.purge()).toBe(0)
        await age(6 * 24)
        expect(await database.store.purge()).toBe(6)
      })

      it('as late as the longest retention of the store, or as configured', async () => {
        const store = database.another()
        await store.complete('long', await granted(store, 'long'), 30 * DAY_MS)
        await settle('failed', 3, (key, token) => store.release(key, token))
        await age(8 * 24, "event_key <> 'long'")
        expect(await store.purge()).toBe(0)
        expect(await store.purge({ keepUnhandledMs: 9 * DAY_MS })).toBe(0)
        expect(await store.purge({ keepUnhandledMs: 7 * DAY_MS })).toBe(3)
        expect(await namesLeft()).toEqual(['long'])
      })

      it('each row once, when several processes call it', async () => {
        const over = (key: string, token: string) => database.store.complete(key, token, 1)
        await settle('many', 3_000, over)
        await wait(20)
        const counts = await Promise.all(Array.from({ length: 4 }, () => database.another().purge()))
        const rest = await database.store.purge()
        expect(counts.reduce((sum, count) => sum + count, rest)).toBe(3_000)
      })
    })

    it('let many processes claim and settle the same events in batches without a deadlock', async () => {
      const errors: unknown[] = []
      const stores = Array.from({ length: 4 }, () => database.another({ onError: (error) => errors.push(error) }))
      const holders = new Map<string, number>()
      let most = 0

      async function work(store: SqlStore, key: string): Promise<void> {
        const claim = await store.claim(key, LEASE_MS, ABOUT)
        if (claim.status !== 'claimed') return
        holders.set(key, (holders.get(key) ?? 0) + 1)
        most = Math.max(most, holders.get(key) ?? 0)
        await store.extend(key, claim.token, LEASE_MS)
        holders.set(key, (holders.get(key) ?? 0) - 1)
        expect(await store.release(key, claim.token)).toBe(true)
      }

      for (let round = 0; round < 10; round++) {
        // Many new ones, which are inserted, and some old ones, which are taken over.
        const keys = [...keysOf(`new_${round}`, 200), ...keysOf('shared', 50)]
        await Promise.all(
          stores.flatMap((store, index) => (index % 2 === 0 ? keys : keys.toReversed()).map((key) => work(store, key))),
        )
      }
      expect(most).toBe(1)
      expect(errors.map(String)).toEqual([])
    })
  })
})
