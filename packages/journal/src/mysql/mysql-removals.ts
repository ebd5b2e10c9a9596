import {
  type MysqlExecutor,
  type MysqlPoolLike,
  onConnection,
  rowsOf,
  transactionOn,
} from '@mailbox-hooks/core/sql-client'
import type { KnownRow } from '../rows/known-row.js'
import { number, type RawRow } from '../rows/raw-rows.js'
import type { Which } from '../rows/row-dialect.js'
import type { MysqlEntries } from './mysql-entries.js'
import { onlyColumn } from './mysql-rows.js'
import type { MysqlStatements } from './mysql-statements.js'

/** Erases and deletes entries. */
export class MysqlRemovals {
  readonly #pool: MysqlPoolLike
  readonly #sql: MysqlStatements
  readonly #entries: MysqlEntries

  constructor(pool: MysqlPoolLike, sql: MysqlStatements, entries: MysqlEntries) {
    this.#pool = pool
    this.#sql = sql
    this.#entries = entries
  }

  erase(which: Which): Promise<number | undefined> {
    return onConnection(this.#pool, async (on) => {
      await this.#entries.now(on)
      const ids = await this.#idsOf(on, which)
      if (ids.length === 0) return 0
      return transactionOn(on, async () => {
        const locked = await this.#entries.lock(on, ids)
        if (locked.size < ids.length) return undefined
        await this.#entries.erase(on, [...locked.values()])
        return ids.length
      })
    })
  }

  deleteErased(keyHash: string): Promise<void> {
    return onConnection(this.#pool, async (on) => {
      const { now, byHash } = await this.#entries.newest(on, [keyHash])
      const known = byHash.get(keyHash)
      if (known === undefined) return
      await transactionOn(on, async () => {
        const locked = [...(await this.#entries.lock(on, [known.id])).values()]
        await this.#entries.delete(
          on,
          locked.filter((entry) => isOver(entry, now)),
        )
      })
    })
  }

  purge({ namespace, keepMs, limit }: { namespace: string; keepMs: number; limit: number }): Promise<number> {
    return onConnection(this.#pool, async (on) => {
      const now = await this.#entries.now(on)
      const before = now - keepMs
      const old = await this.#ids(on, this.#sql.old, namespace, before, before, now, String(limit))
      const erased = await this.#ids(on, this.#sql.oldErased, namespace, now, String(limit - old.length))
      if (old.length + erased.length === 0) return 0
      return transactionOn(on, async () => {
        const locked = [...(await this.#entries.lock(on, [...old, ...erased])).values()]
        const over = locked.filter((entry) => isOld(entry, now, before))
        await this.#entries.delete(on, over)
        return over.length
      })
    })
  }

  async #idsOf(on: MysqlExecutor, which: Which): Promise<number[]> {
    if ('about' in which) return this.#ids(on, this.#sql.about, onlyColumn(which.about), which.namespace)
    const known = (await this.#entries.byHash(on, [which.hash])).byHash.get(which.hash)
    const isThere = known !== undefined && known.namespace === which.namespace && known.state !== 'erased'
    return isThere ? [known.id] : []
  }

  async #ids(on: MysqlExecutor, sql: string, ...values: unknown[]): Promise<number[]> {
    return (await rowsOf<RawRow>(on, sql, ...values)).map(({ id }) => number(id))
  }
}

/** An erased entry whose window has ended. */
const isOver = ({ state, lastReceivedAt, windowMs }: KnownRow, now: number) =>
  state === 'erased' && lastReceivedAt + windowMs <= now

function isOld(entry: KnownRow, now: number, before: number): boolean {
  const { state, lastReceivedAt, leaseUntil = 0 } = entry
  if (state === 'erased') return isOver(entry, now)
  return state !== 'queued' && lastReceivedAt < before && leaseUntil <= now
}
