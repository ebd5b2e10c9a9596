import type { JournalStore } from '@mailbox-hooks/core/journal'
import {
  isPostgresClient,
  NOT_POSTGRES,
  type PostgresClientLike,
  readOptions,
  refuseOthers,
  type WithDefaults,
  withDefault,
  YES_OR_NO,
} from '@mailbox-hooks/core/sql-client'
import { SqlJournalStore } from '../rows/sql-journal-store.js'
import { ROW_RULES, type RowOptions } from '../rows/table-names.js'
import { PostgresDialect } from './postgres-dialect.js'

export interface PostgresRowOptions extends RowOptions {
  /** Name prepared statements. False for a PgBouncer that keeps none for its clients. Default true. */
  readonly prepare?: boolean | undefined
}

export const POSTGRES_RULES = { ...ROW_RULES, prepare: withDefault(YES_OR_NO, true) } as const

/**
 * Keeps the rows of a journal in tables of PostgreSQL (12 or later), by a `Pool` or `Client` of pg, a PGlite, `sql` of
 * postgres.js, or a Bun.SQL. You open and close the client. Call `migrate()` before the first delivery.
 *
 * Throws a `TypeError` for options that cannot work, and for other clients.
 *
 * @example
 * const store = postgresJournalStore(new Pool({ connectionString, max: 4 }))
 * await store.migrate()
 */
export function postgresJournalStore(
  client: PostgresClientLike,
  options: PostgresRowOptions = {},
): Required<JournalStore> {
  refuseOthers('postgresJournal', client, NOT_POSTGRES)
  if (!isPostgresClient(client)) {
    throw new TypeError('postgresJournal: pass a Pool or Client of pg, a PGlite, sql of postgres.js, or a Bun.SQL')
  }
  const read = readOptions<WithDefaults<PostgresRowOptions>>('postgresJournal', options, POSTGRES_RULES)
  return new SqlJournalStore(new PostgresDialect(client, read), read)
}
