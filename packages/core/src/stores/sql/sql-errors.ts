/** The fields in which the clients of the databases describe an error. */
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

/** Deadlocks and serialization failures (class 40 of the standard), and PostgreSQL's lock_timeout. */
const CONFLICT_STATE = /^(40|55P03)/
/** 1205 lock wait timeout, 1213 deadlock, 1020 record has changed since last read. */
const CONFLICT_NUMBERS: ReadonlySet<unknown> = new Set([1205, 1213, 1020])
const SQLITE_BUSY = 5
/** The numbers of TOOBIG, CONSTRAINT, MISMATCH and RANGE. */
const SQLITE_REFUSED: ReadonlySet<number> = new Set([18, 19, 20, 25])
/** The same errors by name. */
const SQLITE_REFUSED_NAME = /^SQLITE_(TOOBIG|CONSTRAINT|MISMATCH|RANGE)/

/** Returns the primary number of a SQLite error, without its extended part. */
const sqliteNumber = ({ errcode, rawCode }: SqlError) => Number(errcode ?? rawCode) & 0xff

/** Returns whether the database rolled the statement back because of a conflict. A retry may succeed. */
export function isConflict(error: unknown): boolean {
  const { code, sqlState, errno } = error as SqlError
  return (
    CONFLICT_STATE.test(String(sqlState ?? code)) ||
    CONFLICT_NUMBERS.has(errno) ||
    String(code).startsWith('SQLITE_BUSY') ||
    sqliteNumber(error as SqlError) === SQLITE_BUSY
  )
}

/** Classes of errors in the data: wrong data, constraints, limits. HY is MySQL's general class. */
const REFUSED_STATE = /^(2[0-9A-F]|44|54|HY)/

/** Thrown if a statement did not change all of its rows, so that none is changed. */
export class RefusedRow extends Error {
  readonly code = '22000'
}

/** Returns whether the database refused the content of the statement. Other rows may still succeed. */
export function isRefusal(error: unknown): boolean {
  const { code, sqlState } = error as SqlError
  if (isConflict(error)) return false
  return (
    REFUSED_STATE.test(String(sqlState ?? code)) ||
    SQLITE_REFUSED_NAME.test(String(code)) ||
    SQLITE_REFUSED.has(sqliteNumber(error as SqlError))
  )
}

const READ_ONLY_STATE = '25006'
/** The numbers of MySQL for a read-only server (1290, 1836) and a read-only transaction (1792). */
const READ_ONLY_NUMBERS: ReadonlySet<unknown> = new Set([1290, 1792, 1836])
const SQLITE_READONLY = 8

/** Returns whether the database, or the session, takes no writes. */
export function isReadOnly(error: unknown): boolean {
  const { code, errno } = error as SqlError
  return (
    code === READ_ONLY_STATE ||
    READ_ONLY_NUMBERS.has(errno) ||
    String(code).startsWith('SQLITE_READONLY') ||
    sqliteNumber(error as SqlError) === SQLITE_READONLY
  )
}
