import type { JournalStore } from '@mailbox-hooks/core/journal'
import {
  NOT_SQLITE,
  readOptions,
  refuseOthers,
  refusePromises,
  type SqliteDatabaseLike,
  type WithDefaults,
} from '@mailbox-hooks/core/sql-client'
import { SqlJournalStore } from '../rows/sql-journal-store.js'
import { ROW_RULES, type RowOptions } from '../rows/table-names.js'
import { isDatabase } from './is-database.js'
import { SqliteDialect } from './sqlite-dialect.js'

/**
 * Keeps the rows of a journal in tables of SQLite (3.41 or later), by a database of better-sqlite3, libsql or
 * node:sqlite. The database is yours to open and to close; call `migrate()` before the first delivery.
 *
 * `complete({ within: database })` is called inside of `database.transaction()`, or, as node:sqlite has none, between
 * `exec('BEGIN IMMEDIATE')` and `exec('COMMIT')`. It does its work at once; its promise need not be awaited there.
 *
 * Throws a `TypeError` for options that cannot work, and for other databases.
 *
 * @example
 * const store = sqliteJournalStore(new Database('webhooks.db'))
 * await store.migrate()
 */
export function sqliteJournalStore(database: SqliteDatabaseLike, options: RowOptions = {}): Required<JournalStore> {
  refuseOthers('sqliteJournal', database, NOT_SQLITE)
  if (!isDatabase(database))
    throw new TypeError('sqliteJournal: pass a database of better-sqlite3, libsql or node:sqlite')
  refusePromises('sqliteJournal', database)
  const { table, batch } = readOptions<WithDefaults<RowOptions>>('sqliteJournal', options, ROW_RULES)
  return new SqlJournalStore(new SqliteDialect(database, table), { batch })
}
