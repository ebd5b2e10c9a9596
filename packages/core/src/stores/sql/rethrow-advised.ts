import { StoreFailure } from '../store-failure.js'
import { leftOpenTransaction } from './unfit.js'

/** The codes of PostgreSQL and MySQL for a missing table. SQLite has only a message. */
const NO_TABLE = /^42(?:P01|S02)$/
/** The codes of PostgreSQL for a read-only transaction, and for a transaction that has failed. */
const READ_ONLY = '25006'
const FAILED_TRANSACTION = '25P02'
/** The numbers of MySQL for a read-only server (1290, 1836) and a read-only transaction (1792). */
const READ_ONLY_NUMBERS: ReadonlySet<unknown> = new Set([1290, 1792, 1836])

/** Throws the failure again, with advice if an operator can mend it. */
export function rethrowAdvised(failure: unknown): never {
  const { code, sqlState = code, errno, message } = failure as Readonly<Record<string, unknown>>
  if (NO_TABLE.test(String(sqlState)) || String(message).startsWith('no such table')) {
    throw new StoreFailure(failure, 'Was migrate() called?')
  }
  if (sqlState === FAILED_TRANSACTION) throw leftOpenTransaction()
  if (sqlState === READ_ONLY || READ_ONLY_NUMBERS.has(errno) || String(code).startsWith('SQLITE_READONLY')) {
    throw new StoreFailure(failure, 'The database is read-only. Is it a replica?')
  }
  throw failure
}
