import { PGlite, types } from '@electric-sql/pglite'
import { type PostgresClientLike, postgresStore, type SqlStore } from '@mailbox-hooks/core/sql'
import pg from 'pg'
import { afterAll, assert, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { findPostgres, runName } from '../../../../../test/servers/services.js'
import { receiving } from './receiving.js'

const ABOUT = { provider: 'openmail', type: 'message.received' }
const LEASE_MS = 15_000
const RETENTION_MS = 60_000
const TEXT_TYPE = 25

const postgres = await findPostgres()

/** Returns the answers about a key, from its claim to its end. */
async function lifeOf(store: SqlStore, key: string): Promise<unknown[]> {
  const [claim, other] = await Promise.all([store.claim(key, LEASE_MS, ABOUT), store.claim(`${key}_`, 1, ABOUT)])
  assert(claim.status === 'claimed' && other.status === 'claimed')
  const second = await store.claim(key, LEASE_MS, ABOUT)
  const isExtended = await store.extend(key, claim.token, LEASE_MS)
  const settled = await Promise.all([
    store.complete(key, claim.token, RETENTION_MS),
    store.release(`${key}_`, other.token),
  ])
  const isDone = await store.isDone(key, claim.token)
  const third = await store.claim(key, LEASE_MS, ABOUT)
  const positions = [await store.position(key, { at: 7, retentionMs: RETENTION_MS }), await store.position(key)]
  return [second.status, isExtended, ...settled, isDone, third.status, ...positions]
}
const LIFE = ['in-flight', true, true, true, true, 'done', 7, 7]

/** Parses every type but texts into something that nobody could use. */
const oddTypes = {
  getTypeParser: (type: number) => (type === TEXT_TYPE ? String : (value: unknown) => ({ odd: value })),
} as pg.CustomTypesConfig

describe.skipIf(postgres.isAbsent)('postgresStore', () => {
  const table = runName()
  let admin: pg.Pool

  beforeAll(async () => {
    admin = new pg.Pool({ connectionString: postgres.url, max: 2 })
    await postgresStore(admin, { table }).migrate()
  })
  afterAll(async () => {
    await admin?.query(`DROP TABLE "${table}", "${table}_entities"`)
    await admin?.end()
  })

  /** A pool of one connection, which says all of this when it is opened. */
  function poolOf(options: pg.PoolConfig, ...statements: readonly string[]): pg.Pool {
    const pool = new pg.Pool({ connectionString: postgres.url, max: 1, ...options })
    pool.on('connect', (client) => {
      for (const statement of statements) client.query(statement)
    })
    onTestFinished(() => pool.end())
    return pool
  }

  it.each<[string, pg.PoolConfig]>([
    ['parsers of its own', { types: oddTypes }],
    ['binary values', { binary: true } as pg.PoolConfig], // The types do not know it.
  ])('reads its rows by a pool with %s', async (name, options) => {
    for (const prepare of [true, false]) {
      const store = postgresStore(poolOf(options), { table, prepare })
      await store.migrate()
      expect(await lifeOf(store, `${name}:${prepare}`)).toEqual(LIFE)
    }
  })

  it.each<[string, (pool: pg.Pool) => PostgresClientLike]>([
    ['as lists', (pool) => ({ query: (text, values) => pool.query({ text, values: values ?? [], rowMode: 'array' }) })],
    ['under other names', (pool) => ({ query: async (text, values) => inCapitals(await pool.query(text, values)) })],
    ['alone', (pool) => ({ query: async (text, values) => (await pool.query(text, values)).rows as never })],
    ['by callbacks', () => ({ query: () => undefined as never })],
  ])('names rows that it cannot read, at the first statement, and claims nothing: %s', async (name, clientOf) => {
    const store = postgresStore(clientOf(poolOf({})), { table, prepare: false })
    const { answerTo, outcomes } = receiving(store)
    expect(await answerTo(name)).toContain('store_unavailable')
    expect(outcomes[0]?.message).toMatch(/rows in a form/)
    await expect(store.migrate()).rejects.toThrow(/rows in a form/)
    expect((await postgresStore(admin, { table }).claim(`openmail:${name}`, 1, ABOUT)).status).toBe('claimed')
  })

  it('keeps any character in a database that has few of them', async () => {
    const name = runName()
    await admin.query(`CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`)
    const pool = new pg.Pool({
      connectionString: Object.assign(new URL(postgres.url), { pathname: name }).href,
      max: 1,
    })
    try {
      const store = postgresStore(pool)
      await store.migrate()
      expect(await lifeOf(store, 'latin:é 😀')).toEqual(LIFE)
      const { rows } = await pool.query('SELECT event_key FROM mailbox_hooks_events ORDER BY event_key')
      expect(rows).toEqual([{ event_key: 'latin:\\u{e9} \\u{1f600}' }, { event_key: 'latin:\\u{e9} \\u{1f600}_' }])
    } finally {
      await pool.end()
      await admin.query(`DROP DATABASE ${name}`)
    }
  })

  it('keeps any character on a connection that says it sends others', async () => {
    const store = postgresStore(poolOf({}, "SET client_encoding = 'EUC_JP'"), { table })
    expect(await lifeOf(store, 'euc:é 😀')).toEqual(LIFE)
  })

  describe('on sessions in which a transaction was left open', () => {
    it('refuses to begin', async () => {
      await expect(postgresStore(poolOf({}, 'BEGIN'), { table }).migrate()).rejects.toThrow(/transaction is open/)
    })

    it.each([
      ['a transaction', ['BEGIN']],
      ['a failed transaction', ['BEGIN', 'SELECT 1 / 0']],
    ])('refuses the first delivery with a sentence, and leaves nothing behind: %s', async (name, statements) => {
      const pool = poolOf({})
      pool.on('connect', (client) => {
        for (const statement of statements) client.query(statement).catch(() => undefined)
      })
      const { answerTo, outcomes } = receiving(postgresStore(pool, { table }))
      expect(await answerTo(name)).toContain('store_unavailable')
      expect(outcomes[0]?.message).toMatch(/transaction is open/)
      expect((await postgresStore(admin, { table }).claim(`openmail:${name}`, 1, ABOUT)).status).toBe('claimed')
    })

    it('refuses later statements when a transaction is left open', async () => {
      const pool = poolOf({})
      const store = postgresStore(pool, { table })
      const { answerTo, outcomes } = receiving(store)
      const claim = await store.claim('left_open', LEASE_MS, ABOUT)
      assert(claim.status === 'claimed')
      const handlers = await pool.connect()
      await handlers.query('BEGIN')
      handlers.release()
      await store.extend('left_open', claim.token, LEASE_MS)
      await expect(store.complete('left_open', claim.token, RETENTION_MS)).rejects.toThrow(/transaction is open/)
      expect(await answerTo('left_open')).toContain('store_unavailable')
      expect(outcomes.at(-1)?.message).toMatch(/transaction is open/)
      await pool.query('ROLLBACK')
      expect(await store.complete('left_open', claim.token, RETENTION_MS)).toBe(true)
    })
  })

  it('says so when nothing can be written', async () => {
    const pool = poolOf({}, 'SET default_transaction_read_only = on')
    const { answerTo, outcomes } = receiving(postgresStore(pool, { table }))
    expect(await answerTo('read_only')).toContain('store_unavailable')
    expect(outcomes[0]?.message).toBe('The store failed (25006). The database is read-only. Is it a replica?')
  })
})

describe('postgresStore on PGlite', { timeout: 60_000 }, () => {
  it('reads its rows where it has parsers of its own, and refuses a transaction that was left open', async () => {
    const odd = (value: string) => ({ odd: value })
    const parsers = { [types.BOOL]: odd, [types.FLOAT8]: odd, [types.INT4]: odd }
    const database = await PGlite.create({ parsers: parsers as never })
    const store = postgresStore(database)
    await store.migrate()
    expect(await lifeOf(store, 'parsers')).toEqual(LIFE)
    await database.query('BEGIN')
    await store.claim('left_open', LEASE_MS, ABOUT).catch(() => undefined)
    await expect(store.claim('left_open', LEASE_MS, ABOUT)).rejects.toThrow(/transaction is open/)
    await database.close()
  })
})

function inCapitals({ rows }: pg.QueryResult): { rows: unknown[] } {
  return {
    rows: rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value])),
    ),
  }
}
