import { setTimeout as wait } from 'node:timers/promises'
import type { DedupStore } from '@mailbox-hooks/core'
import type { JournalStore } from '@mailbox-hooks/core/journal'
import { mysqlStore, postgresStore } from '@mailbox-hooks/core/sql'
import { mysqlJournalStore, postgresJournalStore } from '@mailbox-hooks/journal'
import { createPool } from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { entryOf } from '../../packages/journal/test/entries.js'
import { TABLES } from '../../packages/journal/test/time-passes.js'
import { findMysql, findPostgres, runName } from '../servers/services.js'

const postgres = await findPostgres()
const mysql = await findMysql()

const KEY = 'evt_1'
/** Long enough that the server is stopped, and the second claim made, before it ends. */
const LEASE_MS = 2_000
/** Longer than a lease, and than the shortest time for which a claim is wanted. */
const STANDSTILL_MS = 3_500

/** Resolves to whether the key was claimed. */
type Claim = () => Promise<boolean>

const claimOf = (store: DedupStore): Claim => {
  return async () => (await store.claim(KEY, LEASE_MS, { provider: 'openmail', type: 'opened' })).status === 'claimed'
}

const beginningOf = (rows: JournalStore): Claim => {
  return async () => (await rows.begin(entryOf(KEY, { leaseMs: LEASE_MS }))).status === 'begun'
}

interface Database {
  readonly claims: readonly [holder: Claim, stranger: Claim]
  stop(): Promise<unknown>
  goOn(): Promise<unknown>
}

type WithMigrate<T> = T & { migrate(): Promise<void> }

/** Calls something once its test is over. Of tests that run at the same time only the context knows which that is. */
type AfterTest = (act: () => Promise<void>) => void

async function onPostgres<T>(
  afterTest: AfterTest,
  open: (pool: pg.Pool, table: string) => WithMigrate<T>,
  claimOf: (store: T) => Claim,
) {
  const table = runName()
  const pools = [1, 2, 3].map(() => new pg.Pool({ connectionString: postgres.url, max: 1 })) as [
    pg.Pool,
    pg.Pool,
    pg.Pool,
  ]
  const [admin, ...others] = pools
  const [holder, stranger] = others.map((pool) => open(pool, table)) as [WithMigrate<T>, T]
  await holder.migrate()
  afterTest(async () => {
    const { rows } = await admin.query(`SELECT tablename FROM pg_tables WHERE starts_with(tablename, $1)`, [table])
    for (const { tablename } of rows) await admin.query(`DROP TABLE "${tablename}"`)
    await Promise.all(pools.map((pool) => pool.end()))
  })
  const stop = async () => {
    await admin.query('BEGIN')
    await admin.query(`LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`)
  }
  const claims: Database['claims'] = [claimOf(holder), claimOf(stranger)]
  return { claims, stop, goOn: () => admin.query('COMMIT') }
}

type MysqlPool = ReturnType<typeof createPool>

async function onMysql<T>(
  afterTest: AfterTest,
  open: (pool: MysqlPool, table: string) => WithMigrate<T>,
  { claimOf, suffixes }: { claimOf: (store: T) => Claim; suffixes: readonly string[] },
) {
  const table = runName()
  const pools = [1, 2, 3].map(() => createPool({ uri: mysql.url, connectionLimit: 1 })) as [
    MysqlPool,
    MysqlPool,
    MysqlPool,
  ]
  const [admin, ...others] = pools
  const [holder, stranger] = others.map((pool) => open(pool, table)) as [WithMigrate<T>, T]
  await holder.migrate()
  afterTest(async () => {
    for (const suffix of suffixes) await admin.query(`DROP TABLE ${table}${suffix}`)
    await Promise.all(pools.map((pool) => pool.end()))
  })
  const claims: Database['claims'] = [claimOf(holder), claimOf(stranger)]
  return {
    claims,
    stop: () => admin.query(`LOCK TABLES ${table} WRITE`),
    goOn: () => admin.query('UNLOCK TABLES'),
  }
}

const DATABASES: readonly (readonly [
  name: string,
  skip: boolean,
  open: (afterTest: AfterTest) => Promise<Database>,
])[] = [
  [
    'postgresStore',
    postgres.isAbsent,
    (afterTest) => onPostgres(afterTest, (pool, table) => postgresStore(pool, { table }), claimOf),
  ],
  [
    'postgresJournal',
    postgres.isAbsent,
    (afterTest) => onPostgres(afterTest, (pool, table) => postgresJournalStore(pool, { table }), beginningOf),
  ],
  [
    'mysqlStore',
    mysql.isAbsent,
    (afterTest) =>
      onMysql(afterTest, (pool, table) => mysqlStore(pool, { table }), { claimOf, suffixes: ['', '_entities'] }),
  ],
  [
    'mysqlJournal',
    mysql.isAbsent,
    (afterTest) =>
      onMysql(afterTest, (pool, table) => mysqlJournalStore(pool, { table }), {
        claimOf: beginningOf,
        suffixes: [...TABLES, '_meta'],
      }),
  ],
]

// The holder could neither extend its lease nor mark its event meanwhile.
describe.concurrent('a process whose first claim meets a server that stands still', () => {
  it.for(DATABASES)(
    'takes over no lease that ended meanwhile: %s',
    async ([, skip, open], { skip: skipTest, onTestFinished }) => {
      skipTest(skip)
      const { claims, stop, goOn } = await open(onTestFinished)
      const [hold, claim] = claims
      expect(await hold()).toBe(true)
      await stop()
      const claiming = claim()
      await wait(STANDSTILL_MS)
      await goOn()
      expect(await claiming).toBe(false)
    },
  )
})
