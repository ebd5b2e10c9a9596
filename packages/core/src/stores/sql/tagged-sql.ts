/** The methods used of `sql` of postgres.js or of a Bun.SQL: a tagged template that is also a pool. */
export interface TaggedSqlLike {
  unsafe(text: string, values?: never[], options?: { prepare?: boolean }): PromiseLike<readonly unknown[]>
}

/** The same, as it is called here. */
interface Runs {
  unsafe(text: string, values?: unknown[], options?: { prepare: boolean }): PromiseLike<readonly unknown[]>
}

/** Returns whether this is `sql` of postgres.js or Bun, or one of its transactions. */
export const isTaggedSql = (value: unknown): value is TaggedSqlLike =>
  typeof value === 'function' && typeof (value as Partial<TaggedSqlLike>).unsafe === 'function'

/** Returns whether this is one connection, in a transaction or reserved, in place of the pool. */
export const isTaggedConnection = (value: object) => 'savepoint' in value || 'release' in value

/** Runs one statement. The rows have the form of pg. */
export async function runTagged(sql: TaggedSqlLike, text: string, values: unknown[], prepare: boolean) {
  const { unsafe } = sql as Runs
  try {
    // Only a text without values may hold several statements.
    const rows = await (values.length === 0 ? unsafe.call(sql, text) : unsafe.call(sql, text, values, { prepare }))
    return { rows: [...rows], rowCount: rows.length }
  } catch (error) {
    throw withSqlState(error)
  }
}

/** Bun has the SQLSTATE in `errno`, and one `code` for all errors of the server. */
function withSqlState(error: unknown): unknown {
  const { code, errno, message } = error as { code?: unknown; errno?: unknown; message?: string }
  if (code !== 'ERR_POSTGRES_SERVER_ERROR' || typeof errno !== 'string') return error
  return Object.assign(new Error(message, { cause: error }), { code: errno })
}
