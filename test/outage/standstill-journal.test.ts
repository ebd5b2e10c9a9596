import { createJournal, type JournalStore } from '@mailbox-hooks/core/journal'
import { mysqlJournalStore, postgresJournalStore } from '@mailbox-hooks/journal'
import { createPool } from 'mysql2/promise'
import pg from 'pg'
import { entryOf } from '../../packages/journal/test/entries.js'
import { TABLES } from '../../packages/journal/test/time-passes.js'
import { findMysql, findPostgres, runName } from '../servers/services.js'
import { type Side, standstillSuite } from './standstill-suite.js'

const postgres = await findPostgres()
const mysql = await findMysql()
const sealingKeys = [new Uint8Array(32).fill(7)]
const GIVEN_BACK = { state: 'failed', next: 'never', attempt: undefined } as const

const sideOf = (rows: JournalStore): Side => ({
  options: { journal: createJournal(rows, { sealingKeys }, { owner: 'testJournal' }) },
  tryClaim: async (key, leaseMs) => {
    const entry = entryOf(key, { leaseMs })
    const begun = await rows.begin(entry)
    if (begun.status === 'begun') await rows.finish(begun.hash, entry.token, GIVEN_BACK)
    return begun.status === 'begun'
  },
})

// A lock on the table holds every statement up, and lets it run later even if its client has gone.
standstillSuite({
  name: 'postgresJournal by pg, with query_timeout',
  skip: postgres.isAbsent,
  open: async () => {
    const table = runName()
    const admin = new pg.Pool({ connectionString: postgres.url, max: 1 })
    const pools = [1, 2].map(() => new pg.Pool({ connectionString: postgres.url, max: 4, query_timeout: 1_000 }))
    const [store, other] = pools.map((pool) => postgresJournalStore(pool, { table }))
    // Not limited in time, because a busy machine may need longer.
    await postgresJournalStore(admin, { table }).migrate()
    return {
      store: sideOf(store!),
      other: sideOf(other!),
      stop: async () => {
        await admin.query('BEGIN')
        await admin.query(`LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`)
      },
      goOn: async () => void (await admin.query('COMMIT')),
      close: async () => {
        await Promise.all(pools.map((pool) => pool.end()))
        for (const suffix of [...TABLES, '_meta']) await admin.query(`DROP TABLE "${table}${suffix}"`)
        await admin.end()
      },
    }
  },
})

standstillSuite({
  name: 'mysqlJournal by mysql2',
  skip: mysql.isAbsent,
  open: async () => {
    const table = runName()
    const admin = createPool({ uri: mysql.url, connectionLimit: 1 })
    const pools = [1, 2].map(() => createPool({ uri: mysql.url, connectionLimit: 4 }))
    const [store, other] = pools.map((pool) => mysqlJournalStore(pool, { table }))
    await store!.migrate()
    return {
      store: sideOf(store!),
      other: sideOf(other!),
      stop: async () => void (await admin.query(`LOCK TABLES ${table} WRITE`)),
      goOn: async () => void (await admin.query('UNLOCK TABLES')),
      close: async () => {
        await Promise.all(pools.map((pool) => pool.end()))
        for (const suffix of [...TABLES, '_meta']) await admin.query(`DROP TABLE ${table}${suffix}`)
        await admin.end()
      },
    }
  },
})
