import { StoreFailure } from '../store-failure.js'

/** The codes of PostgreSQL and MySQL for a missing table. SQLite has only a message. */
const NO_TABLE = /^42(?:P01|S02)$/

/** Throws the failure again, with advice if a table is missing. */
export function rethrowAdvised(failure: unknown): never {
  const { code, sqlState = code, message } = failure as Partial<Record<'code' | 'sqlState' | 'message', unknown>>
  if (NO_TABLE.test(String(sqlState)) || String(message).startsWith('no such table')) {
    throw new StoreFailure(failure, 'Was migrate() called?')
  }
  throw failure
}
