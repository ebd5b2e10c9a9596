/** The argument of `execute` of mysql2. */
interface Statement extends RowForm {
  readonly sql: string
  readonly values: unknown[]
}

interface RowForm {
  readonly rowsAsArray: false
  readonly nestTables: false
  readonly namedPlaceholders: false
  readonly typeCast: (field: unknown, next: () => unknown) => unknown
}

/** Spelled out so that the options of the user's pool change nothing. Only a function overrides a function. */
const ROW_FORM: RowForm = {
  rowsAsArray: false,
  nestTables: false,
  namedPlaceholders: false,
  typeCast: (_field, next) => next(),
}

/** A pool, or one of its connections. */
export interface MysqlExecutor {
  execute(statement: Statement): Promise<unknown[]>
}

export interface MysqlConnectionLike extends MysqlExecutor {
  beginTransaction(): Promise<unknown>
  rollback(): Promise<unknown>
  release(): void
  destroy(): void
}

/**
 * The methods used of a promise pool of mysql2. Nothing is imported, so client and version are the user's.
 */
export interface MysqlPoolLike extends MysqlExecutor {
  getConnection(): Promise<MysqlConnectionLike>
}

/** Runs a statement and returns its rows. Statements are prepared once on each connection. */
export async function rowsOf<Row>(on: MysqlExecutor, sql: string, ...values: unknown[]): Promise<Row[]> {
  // The statement says which columns a row has.
  return (await execute(on, sql, values)) as Row[]
}

export async function change(on: MysqlExecutor, sql: string, ...values: unknown[]): Promise<number> {
  return ((await execute(on, sql, values)) as { affectedRows: number }).affectedRows
}

async function execute(on: MysqlExecutor, sql: string, values: unknown[]): Promise<unknown> {
  const [result] = await on.execute({ sql, values, ...ROW_FORM })
  return result
}

/** Lends one connection of the pool. */
export async function onConnection<T>(pool: MysqlPoolLike, act: (on: MysqlConnectionLike) => Promise<T>): Promise<T> {
  const connection = await pool.getConnection()
  try {
    return await act(connection)
  } finally {
    connection.release()
  }
}

/** Runs statements as one transaction. */
export function inTransaction<T>(pool: MysqlPoolLike, act: (on: MysqlExecutor) => Promise<T>): Promise<T> {
  return onConnection(pool, (connection) => transactionOn(connection, act))
}

/** Runs statements as one transaction of a connection on which no transaction is open. */
export async function transactionOn<T>(
  connection: MysqlConnectionLike,
  act: (on: MysqlExecutor) => Promise<T>,
): Promise<T> {
  await connection.beginTransaction()
  try {
    const result = await act(connection)
    // Where the session says that one transaction follows another, this one is the last.
    await change(connection, 'COMMIT AND NO CHAIN')
    return result
  } catch (error) {
    // A connection that cannot roll back must not return to the pool with its transaction open.
    await connection.rollback().catch(() => connection.destroy())
    throw error
  }
}
