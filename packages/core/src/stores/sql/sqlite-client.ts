interface StatementLike {
  run(...values: unknown[]): { readonly changes: number | bigint }
  get(...values: unknown[]): unknown
}

/**
 * A database of better-sqlite3, libsql or node:sqlite. Only what is called is described, and nothing imported, so that
 * the client and its version are the user's.
 */
export interface SqliteDatabaseLike {
  prepare(sql: string): StatementLike
  exec(sql: string): unknown
  /** Of better-sqlite3 and libsql. */
  readonly inTransaction?: boolean
  /** Of node:sqlite. */
  readonly isTransaction?: boolean
}

/** Undefined where the version of node:sqlite does not tell. */
export const isInTransaction = (database: SqliteDatabaseLike) => database.inTransaction ?? database.isTransaction

/** Throws a `TypeError` for a database whose statements answer by promises. It touches no table. */
export function refusePromises(database: SqliteDatabaseLike): void {
  const prepared = attempt(() => database.prepare('SELECT 1 AS one'))
  const answer = isPromise(prepared) ? prepared : attempt(() => prepared?.get())
  if (!isPromise(answer)) return
  // Nobody waits for it.
  answer.then(undefined, () => undefined)
  throw new TypeError(
    'sqliteStore: this database answers by promises, as libsql/promise does. Pass one of better-sqlite3, libsql or ' +
      'node:sqlite',
  )
}

/** What fails now, such as a database that is not open yet, fails again at the first statement, which says so. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function'

/** A database, its prepared statements and its transactions. */
export class SqliteClient {
  readonly database: SqliteDatabaseLike
  readonly #statements = new Map<string, StatementLike>()

  constructor(database: SqliteDatabaseLike) {
    this.database = database
  }

  /** Prepared when first used: before `migrate()` there is no table. */
  statement(sql: string): StatementLike {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  /** How many rows a statement changes. */
  change(sql: string, ...values: unknown[]): number {
    return Number(this.statement(sql).run(...values).changes)
  }

  /** The first row that a statement returns. */
  row<Row>(sql: string, ...values: unknown[]): Row | undefined {
    // The statement says which columns a row has. Some drivers say null where there is none.
    return (this.statement(sql).get(...values) as Row | null | undefined) ?? undefined
  }

  /** Runs as one transaction that writes, of its own: what it did must not vanish with somebody else's. */
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
      'sqliteStore: a transaction is open on this database, and would take the work of the store along when it rolls ' +
        'back. Commit before you await, or give the store a database handle of its own',
    )
  }

  #tryToRollBack(): void {
    try {
      this.database.exec('ROLLBACK')
    } catch {
      // Some failures have rolled back already; they themselves are on their way to the caller.
    }
  }
}
