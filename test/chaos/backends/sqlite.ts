import * as nodeModule from 'node:module'
import { sqliteStore } from '@mailbox-hooks/core/sql'
import { sqliteJournalStore } from '@mailbox-hooks/journal'
import type DatabaseType from 'better-sqlite3'
import type { Backend, OpenBackend } from './backend.js'

/** A file, to which each process has two handles: one for the journal, one for the user's own table. */
export function openSqlite({ url, name }: Backend): OpenBackend {
  // Not bundled: it has a binary beside it.
  const Database: typeof DatabaseType = nodeModule.createRequire(import.meta.url)('better-sqlite3')
  const open = () => {
    const database = new Database(url, { timeout: 2_000 })
    database.pragma('journal_mode = WAL')
    return database
  }
  const [journal, own] = [open(), open()]
  const insert = own.prepare(`INSERT INTO ${name}_orders (event_id) VALUES (?)`)
  return {
    store: sqliteStore(journal, { table: `${name}_events` }),
    rows: () => sqliteJournalStore(journal, { table: name }),
    orders: {
      add: async (id) => void insert.run(id),
      inTransaction: () => Promise.reject(new Error('A transaction of SQLite knows no promises')),
    },
  }
}
