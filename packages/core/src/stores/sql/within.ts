import { claimLost } from '../../errors.js'
import { isTaggedConnection, isTaggedSql, runTagged } from './tagged-sql.js'

/** Runs a statement in the user's transaction. Adapts query builders and object mappers. */
export type RunInTransaction = (sql: string, params: unknown[]) => Promise<{ readonly rowCount: number | null }>

interface TransactionLike {
  query(sql: string, params: unknown[]): Promise<unknown>
}

interface Mark {
  readonly sql: string
  readonly params: unknown[]
  /**
   * Returns whether the claim holds to other connections. If it does after the statement has changed nothing, then this
   * transaction has already ended the claim, by an earlier mark.
   */
  readonly isHeld?: () => Promise<boolean>
}

/** The transaction may occupy the only connection of the pool. */
const LONGEST_LOOK_MS = 2_000

/**
 * Runs the statement of the mark in the user's transaction. `own` is the client of the store.
 *
 * Throws if the token does not hold, so that the transaction rolls back. Throws a `TypeError` if `within` is not a
 * transaction.
 */
export async function markWithin(within: unknown, own: unknown, { sql, params, isHeld }: Mark): Promise<true> {
  const changed = rowCount(await runner(within, own)(sql, params))
  if (changed === 0 && !(await briefly(isHeld))) throw claimLost()
  return true
}

async function briefly(look: (() => Promise<boolean>) | undefined): Promise<boolean> {
  if (look === undefined) return false
  let timer: NodeJS.Timeout | undefined
  const giveUp = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, LONGEST_LOOK_MS, false)
  })
  return Promise.race([look(), giveUp]).finally(() => clearTimeout(timer))
}

function runner(within: unknown, own: unknown): (sql: string, params: unknown[]) => Promise<unknown> {
  const isTagged = isTaggedSql(within)
  if (typeof within === 'function' && !isTagged) return within as RunInTransaction
  if (within === own || isPool(within) || (isTagged && !isTaggedConnection(within))) {
    throw new TypeError(
      'complete({ within }): this is a pool, or the connection of the store itself, not your transaction. Pass the ' +
        'connection on which you ran BEGIN, or a function (sql, params) => Promise<{ rowCount }>',
    )
  }
  if (isTagged) return (sql, params) => runTagged(within, sql, params, false)
  if (!isTransaction(within)) {
    throw new TypeError(
      'complete({ within }): pass the connection of your transaction, or a function (sql, params) => Promise<{ rowCount }>',
    )
  }
  return (sql, params) => within.query(sql, params)
}

/** Recognises a pg.Pool by its counter of connections, and a pool of mysql2 by `getConnection`. */
const isPool = (value: unknown) =>
  typeof value === 'object' && value !== null && ('totalCount' in value || 'getConnection' in value)

function isTransaction(value: unknown): value is TransactionLike {
  return typeof (value as Partial<TransactionLike> | null)?.query === 'function'
}

/** Reads `{ rowCount }` of pg and of functions, `{ affectedRows }` of PGlite, or `[{ affectedRows }]` of mysql2. */
function rowCount(result: unknown): number {
  const counts = (Array.isArray(result) ? result[0] : result) as { rowCount?: unknown; affectedRows?: unknown } | null
  const count = Number(counts?.rowCount ?? counts?.affectedRows ?? Number.NaN)
  if (Number.isNaN(count)) {
    throw new TypeError('complete({ within }): the function must resolve to { rowCount }, the number of changed rows')
  }
  return count
}
