import type { Journal } from '@mailbox-hooks/core'
import type { JournalOptions } from '@mailbox-hooks/core/journal'
import type { PostgresClientLike } from '@mailbox-hooks/core/sql-client'
import { openJournal } from '../rows/open-journal.js'
import { POSTGRES_RULES, type PostgresRowOptions, postgresJournalStore } from './postgres-journal-store.js'

export type PostgresJournalOptions = JournalOptions & PostgresRowOptions

/**
 * Keeps a journal in tables of PostgreSQL (12 or later), on a `Pool` or `Client` of pg, a PGlite, `sql` of postgres.js,
 * or a Bun.SQL. You open and close the client. Call `migrate()` before the first delivery.
 *
 * `delivery.complete({ within })` takes the client of your transaction (of pg or PGlite, or the `sql` of a `begin`), or a function
 * `(sql, params) => Promise<{ rowCount }>` that runs a statement in it. It does not take the journal's own connection.
 * Give the journal its own pool: in a shared pool, handlers keep it waiting for a connection.
 *
 * Throws a `TypeError` for options that cannot work, and for other clients.
 *
 * @example
 * const journal = postgresJournal(new Pool({ connectionString, max: 4 }), { sealingKeys: [process.env.JOURNAL_KEY] })
 * await journal.migrate()
 * const receive = webhooks({ providers, journal })
 */
export function postgresJournal(client: PostgresClientLike, options: PostgresJournalOptions): Journal {
  const store = (rows: PostgresRowOptions) => postgresJournalStore(client, rows)
  return openJournal(options, { owner: 'postgresJournal', rules: POSTGRES_RULES, store })
}
