import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DedupStore, Journal } from '@mailbox-hooks/core'
import { postgresStore, sqliteStore } from '@mailbox-hooks/core/sql'
import { postgresJournal, sqliteJournal } from '@mailbox-hooks/journal'
import pg from 'pg'
import { findSqlite } from '../stores/databases.js'

const CONNECTIONS = 10
const SUFFIXES = ['', '_content', '_about', '_attempts', '_refusals', '_meta']
const DAY_MS = 24 * 3600_000

/** A database with a journal, and with the store that is used without one. */
export interface JournalDatabase {
  readonly name: string
  /** What a commit waits for. */
  readonly durability: string
  readonly journal: Journal
  readonly store: DedupStore
  /** Makes all entries older, so that they are to be purged. */
  age(days: number): Promise<void>
  close(): Promise<void>
}

/** The databases that are there, each opened anew with each call. */
export async function journalDatabases(): Promise<readonly (() => Promise<JournalDatabase>)[]> {
  const Sqlite = await findSqlite()
  return [...(Sqlite === undefined ? [] : [() => openSqlite(Sqlite)]), openPostgres]
}

async function openSqlite(Sqlite: NonNullable<Awaited<ReturnType<typeof findSqlite>>>): Promise<JournalDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'mailbox-hooks-bench-'))
  const open = (name: string) => {
    const database = new Sqlite(join(directory, `${name}.db`))
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('wal_autocheckpoint = 10000')
    return database
  }
  const [entries, claims] = [open('journal'), open('store')]
  const journal = sqliteJournal(entries, { sealingKeys: [randomBytes(32)] })
  const store = sqliteStore(claims)
  await journal.migrate()
  await store.migrate()
  return {
    name: 'SQLite',
    durability: 'WAL, synchronous = FULL',
    journal,
    store,
    age: async (days) => {
      for (const statement of aging('mailbox_hooks_journal', days)) entries.exec(statement)
    },
    close: async () => {
      entries.close()
      claims.close()
      await rm(directory, { recursive: true })
    },
  }
}

async function openPostgres(): Promise<JournalDatabase> {
  const connectionString = process.env.POSTGRES_URL ?? 'postgres://root@127.0.0.1:5432/test'
  const table = `bench_journal_${process.pid}_${Date.now().toString(36)}`
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS })
  const journal = postgresJournal(pool, { table, sealingKeys: [randomBytes(32)] })
  const store = postgresStore(pool, { table: `${table}_claims` })
  await journal.migrate()
  await store.migrate()
  const { rows } = await pool.query('SHOW synchronous_commit')
  return {
    name: 'PostgreSQL',
    durability: `synchronous_commit = ${rows[0]?.synchronous_commit}`,
    journal,
    store,
    age: async (days) => {
      for (const statement of aging(table, days)) await pool.query(statement)
      await pool.query(`VACUUM ANALYZE ${table}`)
    },
    close: async () => {
      await pool.query(`DROP TABLE ${SUFFIXES.map((suffix) => table + suffix).join(', ')}`)
      await pool.query(`DROP TABLE ${table}_claims, ${table}_claims_entities`)
      await pool.end()
    },
  }
}

const aging = (table: string, days: number) => [
  `UPDATE ${table} SET first_received_at = first_received_at - ${days * DAY_MS}, last_received_at = last_received_at - ${days * DAY_MS}`,
  `UPDATE ${table}_about SET first_received_at = first_received_at - ${days * DAY_MS}`,
]
