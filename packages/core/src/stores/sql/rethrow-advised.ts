import { StoreFailure } from '../store-failure.js'
import { leftOpenTransaction } from './session-failures.js'
import { isReadOnly } from './sql-errors.js'

/** The codes of PostgreSQL and MySQL for a missing table. SQLite has only a message. */
const NO_TABLE = /^42(?:P01|S02)$/
/** The code of PostgreSQL for a statement in a transaction that has failed. */
const FAILED_TRANSACTION = '25P02'

/** Throws the failure again, with advice if an operator can mend it. */
export function rethrowAdvised(failure: unknown): never {
  const { code, sqlState = code, message } = failure as Readonly<Record<string, unknown>>
  if (NO_TABLE.test(String(sqlState)) || String(message).startsWith('no such table')) {
    throw new StoreFailure(failure, 'Was migrate() called?')
  }
  if (sqlState === FAILED_TRANSACTION) throw leftOpenTransaction()
  if (isReadOnly(failure)) {
    throw new StoreFailure(failure, 'The database is read-only. Is it a replica?')
  }
  throw failure
}
