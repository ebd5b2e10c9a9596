/** What `execute` of mysql2 takes; spelled out so that the defaults of the user's pool change nothing. */
interface Statement {
  readonly sql: string
  readonly values: unknown[]
  readonly rowsAsArray: false
  readonly namedPlaceholders: false
}

/** A pool, or one of its connections. */
export interface MysqlExecutor {
  execute(statement: Statement): Promise<unknown[]>
}

interface MysqlConnectionLike extends MysqlExecutor {
  beginTransaction(): Promise<unknown>
  commit(): Promise<unknown>
  rollback(): Promise<unknown>
  release(): void
  destroy(): void
}

/**
 * A promise pool of mysql2. Only what is called is described, and nothing imported, so that the client and its version
 * are the user's.
 */
export interface MysqlPoolLike extends MysqlExecutor {
  getConnection(): Promise<MysqlConnectionLike>
}

/** A statement that returns rows, and one that changes some. Prepared once on each connection. */
export async function rowsOf<Row>(on: MysqlExecutor, sql: string, ...values: unknown[]): Promise<Row[]> {
  // The statement says which columns a row has.
  return (await execute(on, sql, values)) as Row[]
}

export async function change(on: MysqlExecutor, sql: string, ...values: unknown[]): Promise<number> {
  return ((await execute(on, sql, values)) as { affectedRows: number }).affectedRows
}

async function execute(on: MysqlExecutor, sql: string, values: unknown[]): Promise<unknown> {
  const [result] = await on.execute({ sql, values, rowsAsArray: false, namedPlaceholders: false })
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
  return onConnection(pool, async (connection) => {
    await connection.beginTransaction()
    try {
      const result = await act(connection)
      await connection.commit()
      return result
    } catch (error) {
      // A connection that cannot even roll back must not go back to the pool with its transaction open.
      await connection.rollback().catch(() => connection.destroy())
      throw error
    }
  })
}
