import { randomBytes } from 'node:crypto'
import type { SqliteDatabaseLike } from './sqlite-client.js'

/** Unique, because two copies of this module may use one database. */
const SCHEMA = `mailbox_hooks_${randomBytes(4).toString('hex')}`

const marksOf = new WeakMap<SqliteDatabaseLike, SqliteMarks>()

/**
 * Remembers which tokens have been marked in the transaction that is open on a database.
 *
 * SQLite does not tell one transaction from the next. So the first mark of a transaction writes to an empty database
 * that is attached for this. SQLite refuses to change its journal mode until the transaction ends.
 */
export class SqliteMarks {
  readonly #database: SqliteDatabaseLike
  readonly #tokens = new Set<string>()
  /** A journal mode that the attached database takes while no transaction has written to it. */
  #otherMode: string | undefined

  static of(database: SqliteDatabaseLike): SqliteMarks {
    const known = marksOf.get(database)
    if (known !== undefined) return known
    const marks = new SqliteMarks(database)
    marksOf.set(database, marks)
    return marks
  }

  private constructor(database: SqliteDatabaseLike) {
    this.#database = database
    try {
      database.exec(`ATTACH '' AS ${SCHEMA}`)
      this.#setMode('memory')
      // Which modes there are depends on how the driver was compiled.
      this.#otherMode = ['delete', 'off'].find((mode) => this.#isWritten(mode) === false)
    } catch {
      // Without an attached database, a second mark is refused, as in another transaction.
    }
  }

  add(token: string): void {
    if (this.#otherMode === undefined) return
    if (!this.#isWritten(this.#otherMode)) {
      this.#tokens.clear()
      this.#database.exec(`PRAGMA ${SCHEMA}.user_version = 1`)
    }
    this.#tokens.add(token)
  }

  /** Returns whether `add` was called with this token in the open transaction. */
  has(token: string): boolean {
    return this.#otherMode !== undefined && this.#tokens.has(token) && this.#isWritten(this.#otherMode)
  }

  /** Returns whether the open transaction has written to the attached database. */
  #isWritten(otherMode: string): boolean {
    const isChanged = this.#setMode(otherMode) === otherMode
    if (isChanged) this.#setMode('memory')
    return !isChanged
  }

  #setMode(mode: string): unknown {
    const row = this.#database.prepare(`PRAGMA ${SCHEMA}.journal_mode = ${mode}`).get()
    return Object.values(row as object)[0]
  }
}
