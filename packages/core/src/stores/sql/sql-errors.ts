/** What the clients of the databases tell of an error, each in its own words. */
interface SqlError {
  /** SQLSTATE in pg and PGlite; a name in mysql2, better-sqlite3 and libsql. */
  readonly code?: unknown
  /** SQLSTATE in mysql2. */
  readonly sqlState?: unknown
  /** The number of the error in mysql2. */
  readonly errno?: unknown
  /** The extended number of the error in node:sqlite. */
  readonly errcode?: unknown
  /** The same in libsql, which has no name for some of them. */
  readonly rawCode?: unknown
}

/** Deadlock and serialization failure, in the class that the standard keeps for them; PostgreSQL's lock_timeout. */
const CONFLICT_STATE = /^(40|55P03)/
/** 1205 lock wait timeout, 1213 deadlock, 1020 record has changed since last read. */
const CONFLICT_NUMBERS: ReadonlySet<unknown> = new Set([1205, 1213, 1020])
const SQLITE_BUSY = 5
/** Those of TOOBIG, CONSTRAINT, MISMATCH and RANGE. */
const SQLITE_REFUSED: ReadonlySet<number> = new Set([18, 19, 20, 25])
/** The same by name. */
const SQLITE_REFUSED_NAME = /^SQLITE_(TOOBIG|CONSTRAINT|MISMATCH|RANGE)/

/** The number of an error of SQLite without what it says more precisely. */
const sqliteNumber = ({ errcode, rawCode }: SqlError) => Number(errcode ?? rawCode) & 0xff

/** Whether the database undid the statement to let others go first, so that it may succeed when it is repeated. */
export function isConflict(error: unknown): boolean {
  const { code, sqlState, errno } = error as SqlError
  return (
    CONFLICT_STATE.test(String(sqlState ?? code)) ||
    CONFLICT_NUMBERS.has(errno) ||
    String(code).startsWith('SQLITE_BUSY') ||
    sqliteNumber(error as SqlError) === SQLITE_BUSY
  )
}

/** Data that does not fit, a constraint, a limit; HY is what MySQL says where it knows no better. */
const REFUSED_STATE = /^(2[0-9A-F]|44|54|HY)/

/** At least one of the rows of a statement was not changed, so none shall be. */
export class RefusedRow extends Error {
  readonly code = '22000'
}

/** Whether the database refused what the statement contained, so that other rows may be taken. */
export function isRefusal(error: unknown): boolean {
  const { code, sqlState } = error as SqlError
  if (isConflict(error)) return false
  return (
    REFUSED_STATE.test(String(sqlState ?? code)) ||
    SQLITE_REFUSED_NAME.test(String(code)) ||
    SQLITE_REFUSED.has(sqliteNumber(error as SqlError))
  )
}
