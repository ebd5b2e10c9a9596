import { join } from 'node:path'
import { postgresStore, type RunInTransaction, sqliteStore } from '@mailbox-hooks/core/sql'
import type { Database } from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/node-postgres'
import createKnex from 'knex'
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { titled } from '../../packages/testing/src/titled.js'
import { findBetterSqlite3 } from '../servers/better-sqlite3.js'
import { PrivateSchema } from '../servers/private-schema.js'
import { findPostgres } from '../servers/services.js'
import { codeBlocks, REPOSITORY } from './code-blocks.js'
import { writeBlocks } from './compile-blocks.js'

const files = writeBlocks(codeBlocks('docs/stores.md'), join(REPOSITORY, 'test/tmp-stores'))

/** Loads the exports of the document's block of that name. */
const load = (name: string) => import(files.find(({ path }) => path.endsWith(`/${name}.ts`))!.path)

const { withinKysely } = await load('within-kysely')
const { withinDrizzle } = await load('within-drizzle')
const { withinKnex } = await load('within-knex')
const { withinPrisma } = await load('within-prisma')

/** Runs something in a transaction of a library's. */
type InTransaction = (url: string, act: (within: RunInTransaction) => Promise<void>) => Promise<void>

const LIBRARIES: readonly { name: string; inTransaction: InTransaction }[] = [
  {
    name: 'Kysely',
    inTransaction: async (url, act) => {
      await using database = new Kysely({
        dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }),
      })
      await database.transaction().execute((tx) => act(withinKysely(tx)))
    },
  },
  {
    name: 'Drizzle',
    inTransaction: async (url, act) => {
      const pool = new pg.Pool({ connectionString: url })
      await drizzle(pool)
        .transaction((tx) => act(withinDrizzle(tx)))
        .finally(() => pool.end())
    },
  },
  {
    name: 'Knex',
    inTransaction: async (url, act) => {
      const knex = createKnex({ client: 'pg', connection: url })
      await knex.transaction((tx) => act(withinKnex(tx))).finally(() => knex.destroy())
    },
  },
  {
    name: 'an object with the method of Prisma',
    inTransaction: async (url, act) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      const $executeRawUnsafe = async (query: string, ...values: unknown[]) =>
        (await client.query(query, values)).rowCount
      await client.query('BEGIN')
      await act(withinPrisma({ $executeRawUnsafe }))
        .then(
          () => client.query('COMMIT'),
          async (error) => {
            await client.query('ROLLBACK')
            throw error
          },
        )
        .finally(() => client.end())
    },
  },
]

const postgres = await findPostgres()

describe.skipIf(postgres.isAbsent)('the function that docs/stores.md gives as a transaction', () => {
  let schema: PrivateSchema
  let pool: pg.Pool

  beforeAll(async () => {
    schema = await PrivateSchema.create(postgres.url)
    pool = new pg.Pool({ connectionString: schema.url, max: 1 })
    await postgresStore(pool).migrate()
  })
  afterAll(async () => {
    await pool?.end()
    await schema?.drop()
  })

  it('fails, and does not end the process, when its connection is lost between two statements', async () => {
    vi.stubEnv('POSTGRES_URL', schema.url)
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { handle } = await load('exactly-once')
    await pool.query('CREATE TABLE orders (event_id text NOT NULL)')
    const complete = async ({ within }: { within: pg.PoolClient }) => {
      const { rows } = await within.query('SELECT pg_backend_pid() AS id')
      const isLost = new Promise((resolve) => within.once('end', resolve))
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0].id])
      await isLost
    }
    // Where the error of the connection is heard by nobody, vitest fails the run.
    await expect(handle({ id: 'openmail:evt_1', complete })).rejects.toThrow('not queryable')
    expect(said).toHaveBeenCalledWith(expect.objectContaining({ code: '57P01' }))
    expect(await schema.rows('SELECT * FROM orders')).toEqual([])
    said.mockRestore()
    vi.unstubAllEnvs()
  })

  it.each(titled(LIBRARIES, 'name'))(
    'of %s marks an event when it commits, and not when it rolls back',
    async (library) => {
      const store = postgresStore(pool)
      const key = `openmail:${library.name}`
      const claim = () => store.claim(key, 60_000, { provider: 'openmail', type: 'test' })
      const claimed = await claim()
      if (claimed.status !== 'claimed') throw new Error(claimed.status)
      const complete = (within: RunInTransaction) => store.complete(key, claimed.token, 60_000, { within })

      const failing = library.inTransaction(schema.url, async (within) => {
        await complete(within)
        throw new Error('the handler failed')
      })
      await expect(failing).rejects.toThrow('the handler failed')
      expect(await claim()).toMatchObject({ status: 'in-flight' })

      await library.inTransaction(schema.url, async (within) => {
        expect(await complete(within)).toBe(true)
      })
      expect(await claim()).toEqual({ status: 'done' })
      await expect(
        library.inTransaction(schema.url, (within) => complete(within).then(() => undefined)),
      ).rejects.toThrow('claim was lost')
    },
  )
})

const BetterSqlite3 = findBetterSqlite3()

describe.skipIf(BetterSqlite3 === undefined)('on SQLite, the database that was given to', () => {
  /** Runs something in a transaction on this database. */
  const TRANSACTIONS: Readonly<Record<string, (database: Database, act: () => void) => Promise<unknown>>> = {
    Drizzle: async (database, act) => {
      const { drizzle } = await import('drizzle-orm/better-sqlite3')
      drizzle(database).transaction(act)
    },
    Kysely: (database, act) =>
      new Kysely({ dialect: new SqliteDialect({ database }) }).transaction().execute(async () => act()),
  }

  it.each(Object.entries(TRANSACTIONS))(
    '%s is its transaction: it marks an event when it commits, and not when it rolls back',
    async (_library, inTransaction) => {
      const database = new BetterSqlite3!(':memory:')
      onTestFinished(() => void database.close())
      const store = sqliteStore(database)
      await store.migrate()
      const claim = () => store.claim('openmail:evt_1', 60_000, { provider: 'openmail', type: 'test' })
      const claimed = await claim()
      if (claimed.status !== 'claimed') throw new Error(claimed.status)
      const complete = () => void store.complete('openmail:evt_1', claimed.token, 60_000, { within: database })

      const failing = inTransaction(database, () => {
        complete()
        throw new Error('the handler failed')
      })
      await expect(failing).rejects.toThrow('the handler failed')
      expect(await claim()).toMatchObject({ status: 'in-flight' })

      await inTransaction(database, complete)
      expect(await claim()).toEqual({ status: 'done' })
    },
  )
})
