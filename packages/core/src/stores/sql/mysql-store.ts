import { readOptions, type WithDefaults } from '../../options/option-rules.js'
import { refuseOthers } from '../refuse-others.js'
import { unfit } from '../unfit.js'
import { BATCHED } from './batcher.js'
import type { ClaimRow, Dialect, Found, PositionRow, SettleRow } from './dialect.js'
import { change, inTransaction, type MysqlPoolLike, onConnection, rowsOf } from './mysql-client.js'
import { claimsAsJson, mysqlStatements, settlementsAsJson, textAsHex } from './mysql-statements.js'
import { NOT_MYSQL2 } from './other-sql-clients.js'
import { leftOpenTransaction, unreadableRows } from './session-failures.js'
import { RefusedRow } from './sql-errors.js'
import { SQL_RULES, type SqlStore, type SqlStoreOptions, sqlStore } from './sql-store.js'
import { tableNames } from './table-names.js'
import { markWithin } from './within.js'

/**
 * Creates a store in a table of MariaDB (10.6 or later), with a promise pool of mysql2. Its statements should also work on
 * MySQL 8, but that is not tested. You open and close the pool. Call `migrate()` before the first delivery. Times in the
 * table are UTC.
 *
 * `complete({ within })` takes the connection of your transaction, or a function `(sql, params) => Promise<{ rowCount }>`
 * that runs a statement in it. Give the store its own pool: in a shared pool, handlers keep it waiting for a connection.
 *
 * Throws a `TypeError` for a wrong option.
 *
 * @example
 * const store = mysqlStore(createPool({ uri, connectionLimit: 4 })) // of mysql2/promise
 * await store.migrate()
 * const receive = webhooks({ providers, store })
 */
export function mysqlStore(pool: MysqlPoolLike, options: SqlStoreOptions = {}): SqlStore {
  refuseOthers('mysqlStore', pool, NOT_MYSQL2)
  if (typeof pool?.execute !== 'function' || typeof pool.getConnection !== 'function' || 'promise' in pool) {
    throw new TypeError('mysqlStore: pass a pool of mysql2/promise, or pool.promise() of one of mysql2')
  }
  const read = readOptions<WithDefaults<SqlStoreOptions>>('mysqlStore', options, SQL_RULES)
  return sqlStore(new MysqlDialect(pool, read), read)
}

/** What a session says of itself; of an open transaction only in MariaDB. */
export interface SessionRow {
  readonly autocommit: unknown
  readonly in_transaction?: unknown
}

/** Texts are bytes where the connection's charset is `binary`. State and time are null where there is no such row. */
interface FoundRow extends SessionRow {
  readonly hash: unknown
  readonly state: unknown
  readonly left_ms: unknown
}

const WON: Found = { state: 'won', leftMs: 0 }
const NONE_DECIDED = new Map<string, boolean>()
/** A key that does not exist, to see whether rows can be read. */
const NOBODYS_CLAIM: ClaimRow = { hash: '0'.repeat(64), token: '', key: '', provider: '', type: '', leaseMs: 0 }

class MysqlDialect implements Dialect {
  readonly limits = BATCHED
  readonly #pool: MysqlPoolLike
  readonly #sql: ReturnType<typeof mysqlStatements>

  constructor(pool: MysqlPoolLike, options: WithDefaults<SqlStoreOptions>) {
    this.#pool = pool
    this.#sql = mysqlStatements(tableNames(options, '`'))
  }

  async migrate(): Promise<void> {
    await onConnection(this.#pool, async (connection) => {
      // First: creating a table commits whatever is open.
      checkSession(await rowsOf<SessionRow>(connection, this.#sql.session))
      await rowsOf(connection, this.#sql.lockMigration)
      try {
        await change(connection, this.#sql.createEvents)
        await change(connection, this.#sql.createEntities)
      } finally {
        await rowsOf(connection, this.#sql.unlockMigration)
      }
    })
    await this.#read([NOBODYS_CLAIM])
  }

  async claim(rows: readonly ClaimRow[]): Promise<Map<string, Found>> {
    const found = await this.#read(rows)
    const absent = rows.filter(({ hash }) => !found.has(hash))
    const ended = rows.filter(({ hash }) => Number(found.get(hash)?.leftMs) <= 0)
    const changed = (await this.#insert(absent)) + (await this.#takeOver(ended))
    // Another process may have won some of the keys: the tokens show it.
    if (changed < absent.length + ended.length) return this.#read(rows)
    for (const { hash } of [...absent, ...ended]) found.set(hash, WON)
    return found
  }

  async settle(rows: readonly SettleRow[]): Promise<Map<string, boolean>> {
    const list = settlementsAsJson(rows)
    if (rows.length > 1) return this.#settleAll(rows, list)
    const isSettled = (await change(this.#pool, this.#sql.settle, list)) === 1
    if (!isSettled && (await this.#isHeld(list))) return NONE_DECIDED
    return new Map(rows.map(({ hash }) => [hash, isSettled]))
  }

  markWithin(within: unknown, { hash, token, ms }: SettleRow): Promise<true> {
    return markWithin(within, this.#pool, this.#sql.mark, [ms, hash, token])
  }

  async isDone(hash: string, token: string): Promise<boolean> {
    return (await rowsOf(this.#pool, this.#sql.isDone, hash, token)).length === 1
  }

  async newest(hash: string): Promise<number | undefined> {
    const [known] = await rowsOf<{ position_ms: number }>(this.#pool, this.#sql.newest, hash)
    return known?.position_ms
  }

  async raise({ hash, entity, at, retentionMs }: PositionRow): Promise<number> {
    await change(this.#pool, this.#sql.raise, hash, textAsHex(entity), at, retentionMs)
    return (await this.newest(hash)) ?? at
  }

  async purge(limit: number, keepUnhandledMs: number): Promise<number> {
    // A text, because mysql2 sends numbers as doubles, which LIMIT refuses.
    const events = await change(this.#pool, this.#sql.purgeEvents, keepUnhandledMs, String(limit))
    if (events === limit) return limit
    return events + (await change(this.#pool, this.#sql.purgeEntities, String(limit - events)))
  }

  async #read(rows: readonly ClaimRow[]): Promise<Map<string, Found>> {
    const found = await rowsOf<FoundRow>(this.#pool, this.#sql.read, claimsAsJson(rows))
    checkSession(found)
    const hashes = new Set(found.map(({ hash }) => String(hash)))
    if (!rows.every(({ hash }) => hashes.has(hash))) throw unreadableRows()
    const known = found.filter(({ state }) => state !== null)
    return new Map(known.map(({ hash, state, left_ms }) => [String(hash), foundAs(state, left_ms)]))
  }

  /** Whether a claim that was not settled holds all the same. */
  async #isHeld(list: string): Promise<boolean> {
    const held = await rowsOf<SessionRow>(this.#pool, this.#sql.readHeld, list)
    if (held.length > 0) checkSession(held)
    return held.length > 0
  }

  async #insert(absent: readonly ClaimRow[]): Promise<number> {
    return absent.length === 0 ? 0 : change(this.#pool, this.#sql.insert, claimsAsJson(absent))
  }

  async #takeOver(ended: readonly ClaimRow[]): Promise<number> {
    return ended.length === 0 ? 0 : change(this.#pool, this.#sql.takeOver, claimsAsJson(ended))
  }

  /** Settles all rows or none, because the database returns only the number of changed rows. */
  async #settleAll(rows: readonly SettleRow[], list: string): Promise<Map<string, boolean>> {
    await inTransaction(this.#pool, async (connection) => {
      const changed = await change(connection, this.#sql.settleAll, list)
      if (changed < rows.length) throw new RefusedRow()
    })
    return new Map(rows.map(({ hash }) => [hash, true]))
  }
}

/** As the statement says. */
const foundAs = (state: unknown, leftMs: unknown): Found => ({
  state: String(state) as Found['state'],
  leftMs: Number(leftMs),
})

/** Throws where the session commits nothing, and what is written would be lost. */
export function checkSession(rows: readonly SessionRow[]): void {
  const [{ autocommit, in_transaction } = {} as SessionRow] = rows
  if (autocommit === undefined) throw unreadableRows()
  if (Number(autocommit) !== 1) {
    throw unfit(
      'The sessions of the store have autocommit = 0, and would commit nothing. Set autocommit = 1 for its pool.',
    )
  }
  if (Number(in_transaction ?? 0) !== 0) throw leftOpenTransaction()
}
