import { claimLost } from '../../errors.js'

/** Runs a statement in a transaction of the user's: how query builders and object mappers are made to fit. */
export type RunInTransaction = (sql: string, params: unknown[]) => Promise<{ readonly rowCount: number | null }>

interface TransactionLike {
  query(sql: string, params: unknown[]): Promise<unknown>
}

/**
 * Runs the marking statement in the user's transaction.
 *
 * Throws when the token does not hold, so that the transaction rolls back; a `TypeError` for what is no transaction.
 */
export async function markWithin(within: unknown, own: unknown, sql: string, params: unknown[]): Promise<true> {
  const changed = rowCount(await runner(within, own)(sql, params))
  if (changed === 0) throw claimLost()
  return true
}

function runner(within: unknown, own: unknown): (sql: string, params: unknown[]) => Promise<unknown> {
  if (typeof within === 'function') return within as RunInTransaction
  if (within === own || isPool(within)) {
    throw new TypeError(
      'complete({ within }): this is a pool, or the connection of the store itself, and no transaction of yours. ' +
        'Pass the connection on which you said BEGIN, or a function (sql, params) => Promise<{ rowCount }>',
    )
  }
  if (!isTransaction(within)) {
    throw new TypeError(
      'complete({ within }): pass the connection of your transaction, or a function (sql, params) => Promise<{ rowCount }>',
    )
  }
  return (sql, params) => within.query(sql, params)
}

/** pg.Pool counts its connections, a pool of mysql2 hands them out. */
const isPool = (value: unknown) =>
  typeof value === 'object' && value !== null && ('totalCount' in value || 'getConnection' in value)

function isTransaction(value: unknown): value is TransactionLike {
  return typeof (value as Partial<TransactionLike> | null)?.query === 'function'
}

/** `{ rowCount }` of pg and of functions, `{ affectedRows }` of PGlite, `[{ affectedRows }]` of mysql2. */
function rowCount(result: unknown): number {
  const counts = (Array.isArray(result) ? result[0] : result) as { rowCount?: unknown; affectedRows?: unknown } | null
  const count = Number(counts?.rowCount ?? counts?.affectedRows ?? Number.NaN)
  if (Number.isNaN(count)) {
    throw new TypeError('complete({ within }): the function must resolve to { rowCount }, the number of changed rows')
  }
  return count
}
