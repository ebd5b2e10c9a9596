import type { Journal } from '@mailbox-hooks/core'
import type { JournalOptions } from '@mailbox-hooks/core/journal'
import type { SqliteDatabaseLike } from '@mailbox-hooks/core/sql-client'
import { openJournal } from '../rows/open-journal.js'
import { ROW_RULES, type RowOptions } from '../rows/table-names.js'
import { sqliteJournalStore } from './sqlite-journal-store.js'

export type SqliteJournalOptions = JournalOptions & RowOptions

/**
 * Keeps a journal in tables of SQLite (3.41 or later), on a database of better-sqlite3, libsql or node:sqlite. You open
 * and close the database. Call `migrate()` before the first delivery.
 *
 * Pass `within: database` to `delivery.complete()` inside `database.transaction()`, or, because node:sqlite has none,
 * between `exec('BEGIN IMMEDIATE')` and `exec('COMMIT')`. It works at once, so you need not await it there.
 *
 * Open the database with `journal_mode = WAL`. If several processes use it, set a busy timeout.
 *
 * Throws a `TypeError` for options that cannot work, and for other databases.
 *
 * @example
 * const journal = sqliteJournal(new Database('webhooks.db'), { sealingKeys: [process.env.JOURNAL_KEY] })
 * await journal.migrate()
 * const receive = webhooks({ providers, journal })
 */
export function sqliteJournal(database: SqliteDatabaseLike, options: SqliteJournalOptions): Journal {
  const store = (rows: RowOptions) => sqliteJournalStore(database, rows)
  return openJournal(options, { owner: 'sqliteJournal', rules: ROW_RULES, store })
}
