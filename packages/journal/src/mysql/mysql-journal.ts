import type { Journal } from '@mailbox-hooks/core'
import type { JournalOptions } from '@mailbox-hooks/core/journal'
import type { MysqlPoolLike } from '@mailbox-hooks/core/sql-client'
import { openJournal } from '../rows/open-journal.js'
import { ROW_RULES, type RowOptions } from '../rows/table-names.js'
import { mysqlJournalStore } from './mysql-journal-store.js'

export type MysqlJournalOptions = JournalOptions & RowOptions

/**
 * Keeps a journal in tables of MariaDB (10.6 or later), on a promise pool of mysql2. Its statements are also those of
 * MySQL 8, which it has not been tested with. You open and close the pool. Call `migrate()` before the first delivery.
 *
 * `delivery.complete({ within })` takes the connection of your transaction, or a function
 * `(sql, params) => Promise<{ rowCount }>` that runs a statement in it. Give the journal its own pool: in a shared pool,
 * handlers keep it waiting for a connection.
 *
 * Throws a `TypeError` for options that cannot work, and for other clients.
 *
 * @example
 * const journal = mysqlJournal(createPool({ uri, connectionLimit: 4 }), { sealingKeys: [process.env.JOURNAL_KEY] })
 * await journal.migrate()
 * const receive = webhooks({ providers, journal })
 */
export function mysqlJournal(pool: MysqlPoolLike, options: MysqlJournalOptions): Journal {
  const store = (rows: RowOptions) => mysqlJournalStore(pool, rows)
  return openJournal(options, { owner: 'mysqlJournal', rules: ROW_RULES, store })
}
