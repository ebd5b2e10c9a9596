import { unreadableRows } from './session-failures.js'

interface StatementLike {
  run(...values: unknown[]): { readonly changes: number | bigint }
  get(...values: unknown[]): unknown
  /** Of node:sqlite. */
  setReturnArrays?(areArrays: boolean): unknown
  all(...values: unknown[]): unknown[]
}

/**
 * The methods used of a database of better-sqlite3, libsql, node:sqlite or bun:sqlite. Nothing is imported, so client and
 * version are the user's.
 */
export interface SqliteDatabaseLike {
  prepare(sql: string): StatementLike
  exec(sql: string): unknown
  /** Of better-sqlite3 and libsql. */
  readonly inTransaction?: boolean
  /** Of node:sqlite. */
  readonly isTransaction?: boolean
}

/** Returns whether a transaction is open. Undefined if this version of node:sqlite cannot tell. */
export const isInTransaction = (database: SqliteDatabaseLike) => database.inTransaction ?? database.isTransaction

/** Throws a `TypeError` for a database whose statements return promises. It touches no table. */
export function refusePromises(owner: string, database: SqliteDatabaseLike): void {
  const prepared = attempt(() => database.prepare('SELECT 1 AS one'))
  const answer = isPromise(prepared) ? prepared : attempt(() => prepared?.get())
  if (!isPromise(answer)) return
  // Ignore the result of the probe.
  answer.then(undefined, () => undefined)
  throw new TypeError(
    `${owner}: this database uses promises, as libsql/promise does. Pass one of better-sqlite3, libsql, ` +
      'node:sqlite or bun:sqlite',
  )
}

/** Ignores errors, such as those of a closed database. The first real statement reports them. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function'

/** Wraps a database with its prepared statements and its transactions. */
export class SqliteClient {
  readonly database: SqliteDatabaseLike
  readonly #owner: string
  readonly #statements = new Map<string, StatementLike>()

  /** `owner` is the function to which the user passed the database. Messages name it. */
  constructor(owner: string, database: SqliteDatabaseLike) {
    this.#owner = owner
    this.database = database
  }

  /** Prepares a statement on first use, because there is no table before `migrate()`. */
  statement(sql: string): StatementLike {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.database.prepare(sql)
    statement.setReturnArrays?.(false)
    this.#statements.set(sql, statement)
    return statement
  }

  /** Runs a statement and returns the number of changed rows. */
  change(sql: string, ...values: unknown[]): number {
    const changes = Number(this.statement(sql).run(...values).changes)
    if (Number.isNaN(changes)) throw unreadableRows()
    return changes
  }

  /** Runs a statement and returns its first row. */
  row<Row>(sql: string, ...values: unknown[]): Row | undefined {
    // The statement defines the columns of a row. Some drivers return null if there is none.
    return (this.statement(sql).get(...values) as Row | null | undefined) ?? undefined
  }

  /** Runs a statement and returns all its rows. */
  rows<Row>(sql: string, ...values: unknown[]): Row[] {
    // The statement defines the columns of a row.
    return this.statement(sql).all(...values) as Row[]
  }

  /** Runs `act` as its own write transaction, so that no foreign rollback can undo it. */
  transaction<T>(act: () => T): T {
    this.refuseForeignTransaction()
    this.database.exec('BEGIN IMMEDIATE')
    try {
      const result = act()
      this.database.exec('COMMIT')
      return result
    } catch (error) {
      this.#tryToRollBack()
      throw error
    }
  }

  refuseForeignTransaction(): void {
    if (isInTransaction(this.database) !== true) return
    throw new Error(
      `${this.#owner}: a transaction is open on this database, and its rollback would undo the work of the store. Commit ` +
        'before you await, or give the store its own database handle',
    )
  }

  #tryToRollBack(): void {
    try {
      this.database.exec('ROLLBACK')
    } catch {
      // Some failures have already rolled back. The caller gets the failure itself.
    }
  }
}
