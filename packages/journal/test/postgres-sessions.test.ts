import { PGlite, types } from '@electric-sql/pglite'
import type { PostgresClientLike } from '@mailbox-hooks/core/sql'
import { postgresJournalStore } from '@mailbox-hooks/journal'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { findPostgres, runName } from '../../../test/servers/services.js'
import { entryOf } from './entries.js'
import { LIFE, lifeOf } from './life-of-rows.js'
import { TABLES } from './time-passes.js'

const TEXT_TYPE = 25
const postgres = await findPostgres()

/** Parses every type but texts into something that nobody could use. */
const oddTypes = {
  getTypeParser: (type: number) => (type === TEXT_TYPE ? String : (value: unknown) => ({ odd: value })),
} as pg.CustomTypesConfig

describe.skipIf(postgres.isAbsent)('postgresJournalStore', () => {
  const table = runName()
  let admin: pg.Pool

  beforeAll(async () => {
    admin = new pg.Pool({ connectionString: postgres.url, max: 2 })
    await postgresJournalStore(admin, { table }).migrate()
  })
  afterAll(async () => {
    for (const suffix of [...TABLES, '_meta']) await admin?.query(`DROP TABLE "${table}${suffix}"`)
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
  const isFree = async (key: string) =>
    (await postgresJournalStore(admin, { table }).begin(entryOf(key, { leaseMs: 1 }))).status === 'begun'

  it.each<[string, pg.PoolConfig]>([
    ['parsers of its own', { types: oddTypes }],
    ['binary values', { binary: true } as pg.PoolConfig], // The types do not know it.
  ])('reads its rows by a pool with %s', async (name, options) => {
    for (const prepare of [true, false]) {
      const store = postgresJournalStore(poolOf(options), { table, prepare })
      await store.migrate()
      expect(await lifeOf(store, `${name} ${prepare}`)).toEqual(LIFE)
    }
  })

  it.each<[string, (pool: pg.Pool) => PostgresClientLike]>([
    ['as lists', (pool) => ({ query: (text, values) => pool.query({ text, values: values ?? [], rowMode: 'array' }) })],
    ['alone', (pool) => ({ query: async (text, values) => (await pool.query(text, values)).rows as never })],
    ['by callbacks', () => ({ query: () => undefined as never })],
  ])('names rows that it cannot read, at the first statement: %s', async (name, clientOf) => {
    const store = postgresJournalStore(clientOf(poolOf({})), { table, prepare: false })
    await expect(store.migrate()).rejects.toThrow(/rows in a form/)
    await expect(store.begin(entryOf(name))).rejects.toThrow(/rows in a form/)
  })

  it.each(['LATIN1', 'SQL_ASCII'])('keeps any character in a database of the encoding %s', async (encoding) => {
    const name = runName()
    await admin.query(`CREATE DATABASE ${name} ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`)
    const connectionString = Object.assign(new URL(postgres.url), { pathname: name }).href
    const pool = new pg.Pool({ connectionString, max: 1 })
    try {
      const store = postgresJournalStore(pool)
      await store.migrate()
      expect(await lifeOf(store, encoding)).toEqual(LIFE)
    } finally {
      await pool.end()
      await admin.query(`DROP DATABASE ${name}`)
    }
  })

  it.each(['EUC_JP', 'LATIN1', 'WIN1252'])(
    'keeps any character on a connection that says it sends %s',
    async (encoding) => {
      const store = postgresJournalStore(poolOf({}, `SET client_encoding = '${encoding}'`), { table })
      expect(await lifeOf(store, `client ${encoding}`)).toEqual(LIFE)
    },
  )

  it.each([
    ['a transaction', ['BEGIN']],
    ['a failed transaction', ['BEGIN', 'SELECT 1 / 0']],
  ])('refuses sessions in which %s was left open, and leaves nothing behind', async (name, statements) => {
    const open = () => {
      const pool = poolOf({})
      pool.on('connect', (client) => {
        for (const statement of statements) client.query(statement).catch(() => undefined)
      })
      return postgresJournalStore(pool, { table })
    }
    await expect(open().migrate()).rejects.toThrow(/transaction is open/)
    const store = open()
    await expect(store.begin(entryOf(name))).rejects.toThrow(/transaction is open/)
    expect(await isFree(name)).toBe(true)
  })

  it('says so when nothing can be written', async () => {
    const store = postgresJournalStore(poolOf({}, 'SET default_transaction_read_only = on'), { table })
    await expect(store.begin(entryOf('read only'))).rejects.toMatchObject({
      advice: 'The database is read-only. Is it a replica?',
    })
  })
})

describe('postgresJournalStore on PGlite', { timeout: 60_000 }, () => {
  it('reads its rows where it has parsers of its own', async () => {
    const odd = (value: string) => ({ odd: value })
    const parsers = { [types.BOOL]: odd, [types.FLOAT8]: odd, [types.INT4]: odd, [types.INT8]: odd, [types.BYTEA]: odd }
    const database = await PGlite.create({ parsers: parsers as never })
    const store = postgresJournalStore(database)
    await store.migrate()
    expect(await lifeOf(store, 'parsers')).toEqual(LIFE)
    await database.close()
  })
})
