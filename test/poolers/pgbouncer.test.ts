import { postgresStore, type SqlStore } from '@mailbox-hooks/core/sql'
import { postgresJournalStore } from '@mailbox-hooks/journal'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryOf, HANDLED } from '../../packages/journal/test/entries.js'
import { TABLES } from '../../packages/journal/test/time-passes.js'
import { findPgBouncer, type PoolMode, PrivatePgBouncer } from '../servers/private-pgbouncer.js'
import { findPostgres, runName } from '../servers/services.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const LEASE_MS = 15_000
const RETENTION_MS = 60_000
const EVENTS = 300
const PROCESSES = 3

const postgres = await findPostgres()
const version = findPgBouncer()

const MODES: readonly PoolMode[] = ['session', 'transaction', 'statement']

describe.skipIf(postgres.isAbsent || version === undefined).each(MODES)(
  `postgresStore behind PgBouncer ${version}, mode %s`,
  (mode) => {
    const table = runName()
    const pools: pg.Pool[] = []
    let bouncer: PrivatePgBouncer

    beforeAll(async () => {
      bouncer = await PrivatePgBouncer.start(postgres.url, mode)
    })
    afterAll(async () => {
      await pools[0]?.query(`DROP TABLE IF EXISTS "${table}", "${table}_entities", "${table}_orders"`)
      await Promise.all(pools.map((pool) => pool.end()))
      await bouncer?.stop()
    })

    // More connections than the pooler has to the server, so that they share.
    const poolOf = () => {
      const pool = new pg.Pool({ connectionString: bouncer.url, max: 4 })
      // One that the pooler has closed.
      pool.on('error', () => {})
      pools.push(pool)
      return pool
    }

    it.each([
      ['with prepare: false', { prepare: false }],
      // Its server connections are shared, and know other statements than their clients think.
      ['where prepare: false was forgotten', {}],
    ])('handles each event once, and fails none: %s', async (name, options) => {
      const stores = Array.from({ length: PROCESSES }, () => postgresStore(poolOf(), { table, ...options }))
      await Promise.all(stores.map((store) => store.migrate()))
      const winners = new Map<string, number>()
      const handle = async (store: SqlStore, key: string) => {
        const claim = await store.claim(key, LEASE_MS, ABOUT)
        if (claim.status !== 'claimed') return
        winners.set(key, (winners.get(key) ?? 0) + 1)
        await store.extend(key, claim.token, LEASE_MS)
        expect(await store.complete(key, claim.token, RETENTION_MS)).toBe(true)
      }
      const keys = Array.from({ length: EVENTS }, (_, index) => `${name}_${index}`)
      const results = await Promise.allSettled(keys.flatMap((key) => stores.map((store) => handle(store, key))))
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
      expect([...winners.values()]).toEqual(keys.map(() => 1))
      for (const store of stores) {
        expect((await store.claim(keys[0] ?? '', LEASE_MS, ABOUT)).status).toBe('done')
        expect(await store.position(name, { at: 7, retentionMs: RETENTION_MS })).toBe(7)
      }
    })

    it.each([
      ['with prepare: false', { prepare: false }],
      ['where prepare: false was forgotten', {}],
    ])('runs each entry of a journal once, and fails none: %s', async (name, options) => {
      const journal = runName()
      const stores = Array.from({ length: PROCESSES }, () =>
        postgresJournalStore(poolOf(), { table: journal, ...options }),
      )
      await stores[0]!.migrate()
      const winners = new Map<string, number>()
      const handle = async (store: (typeof stores)[number], key: string) => {
        const entry = entryOf(key)
        if ((await store.begin(entry)).status !== 'begun') return
        winners.set(key, (winners.get(key) ?? 0) + 1)
        await store.extend(entry.hash, entry.token, LEASE_MS)
        expect(await store.finish(entry.hash, entry.token, HANDLED)).toBe(true)
      }
      const keys = Array.from({ length: EVENTS / 3 }, (_, index) => `${name} ${index}`)
      const results = await Promise.allSettled(keys.flatMap((key) => stores.map((store) => handle(store, key))))
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
      expect([...winners.values()]).toEqual(keys.map(() => 1))
      expect(await stores[1]!.begin(entryOf(keys[0]!))).toEqual({ status: 'handled' })
      for (const suffix of [...TABLES, '_meta']) await pools[0]?.query(`DROP TABLE "${journal}${suffix}"`)
    })

    it.skipIf(mode === 'statement')('marks an event in a transaction of its handler', async () => {
      const pool = poolOf()
      const store = postgresStore(poolOf(), { table })
      await pool.query(`CREATE TABLE "${table}_orders" (id text)`)
      for (const end of ['ROLLBACK', 'COMMIT']) {
        const claim = await store.claim('within', LEASE_MS, ABOUT)
        if (claim.status !== 'claimed') throw new Error(claim.status)
        const client = await pool.connect()
        await client.query('BEGIN')
        await client.query(`INSERT INTO "${table}_orders" VALUES ('1')`)
        await store.complete('within', claim.token, RETENTION_MS, { within: client })
        await client.query(end)
        client.release()
        expect(await store.isDone('within', claim.token)).toBe(end === 'COMMIT')
        if (end === 'ROLLBACK') await store.release('within', claim.token)
      }
      expect((await store.claim('within', LEASE_MS, ABOUT)).status).toBe('done')
    })

    it.runIf(mode === 'statement')('lets no handler open a transaction', async () => {
      await expect(poolOf().query('BEGIN')).rejects.toThrow(/transaction blocks not allowed in statement pooling mode/)
    })
  },
)
