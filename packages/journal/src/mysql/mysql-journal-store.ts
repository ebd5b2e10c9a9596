import type { JournalStore } from '@mailbox-hooks/core/journal'
import {
  type MysqlPoolLike,
  NOT_MYSQL2,
  readOptions,
  refuseOthers,
  type WithDefaults,
} from '@mailbox-hooks/core/sql-client'
import { SqlJournalStore } from '../rows/sql-journal-store.js'
import { ROW_RULES, type RowOptions } from '../rows/table-names.js'
import { MysqlDialect } from './mysql-dialect.js'

/**
 * Keeps the rows of a journal in tables of MariaDB (10.6 or later), by a promise pool of mysql2. Its statements are also
 * those of MySQL 8, which it has not been tested with. You open and close the pool. Call `migrate()` before the first
 * delivery.
 *
 * Throws a `TypeError` for options that cannot work, and for other clients.
 *
 * @example
 * const store = mysqlJournalStore(createPool({ uri, connectionLimit: 4 })) // of mysql2/promise
 * await store.migrate()
 */
export function mysqlJournalStore(pool: MysqlPoolLike, options: RowOptions = {}): Required<JournalStore> {
  refuseOthers('mysqlJournal', pool, NOT_MYSQL2)
  if (typeof pool?.execute !== 'function' || typeof pool.getConnection !== 'function' || 'promise' in pool) {
    throw new TypeError('mysqlJournal: pass a pool of mysql2/promise, or pool.promise() of one of mysql2')
  }
  const { table, batch } = readOptions<WithDefaults<RowOptions>>('mysqlJournal', options, ROW_RULES)
  return new SqlJournalStore(new MysqlDialect(pool, table), { batch })
}
