import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteJournalStore } from '@mailbox-hooks/journal'
import { findBetterSqlite3 } from '../servers/better-sqlite3.js'
import { drained } from './drained.js'
import { journalChaos } from './journal-suite.js'

const Database = findBetterSqlite3()

journalChaos(
  {
    name: 'sqliteJournal',
    skip: Database === undefined,
    hasTransactions: false,
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mailbox-hooks-sqlite-chaos-'))
      const url = join(folder, 'journal.db')
      const database = new Database!(url, { timeout: 2_000 })
      database.pragma('journal_mode = WAL')
      const rows = sqliteJournalStore(database, { table: 'chaos' })
      await rows.migrate()
      database.exec('CREATE TABLE chaos_orders (event_id TEXT NOT NULL)')
      return {
        backend: { kind: 'sqlite', url, ordersUrl: url, name: 'chaos' },
        // A file has no server to be lost.
        server: { start: async () => {}, stop: async () => {} },
        rows,
        drained: () => drained(rows),
        orders: async () => {
          const counted = database
            .prepare('SELECT event_id, count(*) AS count FROM chaos_orders GROUP BY event_id')
            .all()
          // As the statement says.
          return new Map(
            (counted as { event_id: string; count: number }[]).map(({ event_id, count }) => [event_id, count]),
          )
        },
        close: async () => {
          database.close()
          rmSync(folder, { recursive: true })
        },
      }
    },
  },
  ['requests', 'deployment'],
)
