import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mysqlStore, postgresStore, sqliteStore } from '@mailbox-hooks/core/sql'
import { createPool } from 'mysql2/promise'
import pg from 'pg'
import { findBetterSqlite3 } from '../servers/better-sqlite3.js'
import { findMysql, findPostgres, runName } from '../servers/services.js'
import { sideOf, standstillSuite } from './standstill-suite.js'

const postgres = await findPostgres()
const mysql = await findMysql()
const BetterSqlite3 = findBetterSqlite3()

// A lock on the table holds every statement up, and lets it run later even if its client has gone.
standstillSuite({
  name: 'postgresStore by pg, with query_timeout',
  skip: postgres.isAbsent,
  open: async () => {
    const table = runName()
    const admin = new pg.Pool({ connectionString: postgres.url, max: 1 })
    const pools = [1, 2].map(() => new pg.Pool({ connectionString: postgres.url, max: 4, query_timeout: 1_000 }))
    const [store, other] = pools.map((pool) => postgresStore(pool, { table })) as [SqlStore, SqlStore]
    await store.migrate()
    await other.migrate()
    return {
      store: sideOf(store),
      other: sideOf(other),
      stop: async () => {
        await admin.query('BEGIN')
        await admin.query(`LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`)
      },
      goOn: async () => void (await admin.query('COMMIT')),
      close: async () => {
        await Promise.all(pools.map((pool) => pool.end()))
        await admin.query(`DROP TABLE "${table}", "${table}_entities"`)
        await admin.end()
      },
    }
  },
})

standstillSuite({
  name: 'mysqlStore by mysql2',
  skip: mysql.isAbsent,
  open: async () => {
    const table = runName()
    const admin = createPool({ uri: mysql.url, connectionLimit: 1 })
    const pools = [1, 2].map(() => createPool({ uri: mysql.url, connectionLimit: 4 }))
    const [store, other] = pools.map((pool) => mysqlStore(pool, { table })) as [SqlStore, SqlStore]
    await store.migrate()
    return {
      store: sideOf(store),
      other: sideOf(other),
      stop: async () => void (await admin.query(`LOCK TABLES ${table} WRITE`)),
      goOn: async () => void (await admin.query('UNLOCK TABLES')),
      close: async () => {
        await Promise.all(pools.map((pool) => pool.end()))
        await admin.query(`DROP TABLE ${table}, ${table}_entities`)
        await admin.end()
      },
    }
  },
})

type SqlStore = ReturnType<typeof sqliteStore>

standstillSuite({
  name: 'sqliteStore by better-sqlite3',
  skip: BetterSqlite3 === undefined,
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailbox-hooks-'))
    // Skipped where there is none.
    const open = () => new BetterSqlite3!(join(folder, 'webhooks.db'), { timeout: 0 })
    const [database, another, admin] = [open(), open(), open()]
    database.exec('PRAGMA journal_mode = WAL')
    const store = sqliteStore(database)
    await store.migrate()
    let isStopped = false
    return {
      store: sideOf(store),
      other: sideOf(sqliteStore(another)),
      // Another process writes for so long.
      stop: async () => {
        isStopped = true
        admin.exec('BEGIN IMMEDIATE')
      },
      goOn: async () => {
        if (isStopped) admin.exec('COMMIT')
        isStopped = false
      },
      close: async () => {
        for (const one of [database, another, admin]) one.close()
        await rm(folder, { recursive: true })
      },
    }
  },
})
