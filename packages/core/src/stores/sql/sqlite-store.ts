import { setImmediate as nextTurn } from 'node:timers/promises'
import { claimLost } from '../../errors.js'
import { readOptions, type WithDefaults } from '../../options/option-rules.js'
import { refuseOthers } from '../refuse-others.js'
import { BATCHED_IN_PROCESS } from './batcher.js'
import type { ClaimRow, Dialect, Found, PositionRow, SettleRow } from './dialect.js'
import { NOT_SQLITE } from './other-sql-clients.js'
import { unreadableRows } from './session-failures.js'
import { SQL_RULES, type SqlStore, type SqlStoreOptions, sqlStore } from './sql-store.js'
import { isInTransaction, refusePromises, SqliteClient, type SqliteDatabaseLike } from './sqlite-client.js'
import { SqliteMarks } from './sqlite-marks.js'
import { sqliteStatements } from './sqlite-statements.js'
import { tableNames } from './table-names.js'

/**
 * Creates a store in a table of SQLite (3.41 or later), for services on one machine. Takes a database of better-sqlite3,
 * libsql, node:sqlite or bun:sqlite. libsql/promise, sql.js, sqlite3 and D1 are refused. You open and close the database.
 * Call `migrate()` before the first delivery. Times in the table are UTC.
 *
 * Call `complete({ within: database })` inside `database.transaction()`. node:sqlite has none: there, call it between
 * `exec('BEGIN IMMEDIATE')` and `exec('COMMIT')`, and call `exec('ROLLBACK')` if something throws. It works synchronously,
 * so you need not await its promise. With Drizzle or Kysely, pass the database that you gave to them.
 *
 * Open the database with `journal_mode = WAL`. If several processes use it, also set `timeout`, the time for which a write
 * waits for the others. This process is blocked meanwhile.
 *
 * A claim inside your transaction is refused, because a rollback would undo it.
 *
 * Throws a `TypeError` for an unsupported database and for a wrong option.
 *
 * @example
 * const store = sqliteStore(new Database('webhooks.db'))
 * await store.migrate()
 * const receive = webhooks({ providers, store })
 */
export function sqliteStore(database: SqliteDatabaseLike, options: SqlStoreOptions = {}): SqlStore {
  refuseOthers('sqliteStore', database, NOT_SQLITE)
  if (!isDatabase(database))
    throw new TypeError('sqliteStore: pass a database of better-sqlite3, libsql, node:sqlite or bun:sqlite')
  refusePromises('sqliteStore', database)
  const read = readOptions<WithDefaults<SqlStoreOptions>>('sqliteStore', options, SQL_RULES)
  return sqlStore(new SqliteDialect(database, read), read)
}

function isDatabase(value: unknown): value is SqliteDatabaseLike {
  const { prepare, exec } = (value ?? {}) as Partial<SqliteDatabaseLike>
  return typeof prepare === 'function' && typeof exec === 'function'
}

interface FoundRow {
  readonly state: Found['state']
  readonly left_ms: number | bigint
}

interface EntityRow {
  readonly position_ms: number | bigint
}

const WON: Found = { state: 'won', leftMs: 0 }

class SqliteDialect implements Dialect {
  readonly canLoseAnswers = false
  readonly limits = BATCHED_IN_PROCESS
  readonly #client: SqliteClient
  readonly #sql: ReturnType<typeof sqliteStatements>

  constructor(database: SqliteDatabaseLike, options: WithDefaults<SqlStoreOptions>) {
    this.#client = new SqliteClient('sqliteStore', database)
    this.#sql = sqliteStatements(tableNames(options, '"'))
  }

  refuseForeignTransaction = () => this.#client.refuseForeignTransaction()

  async migrate(): Promise<void> {
    this.#client.transaction(() => {
      this.#client.database.exec(this.#sql.migrate)
      const row = this.#client.row<{ readonly one: unknown }>('SELECT 1 AS one')
      if (Number(row?.one) !== 1 || this.#client.change(this.#sql.purgeEvents, 0, 0) !== 0) throw unreadableRows()
    })
  }

  async claim(rows: readonly ClaimRow[]): Promise<Map<string, Found>> {
    return this.#client.transaction(() => new Map(rows.map((row) => [row.hash, this.#claim(row)])))
  }

  async settle(rows: readonly SettleRow[]): Promise<Map<string, boolean>> {
    return this.#client.transaction(() => new Map(rows.map((row) => [row.hash, this.#settle(this.#client, row)])))
  }

  /** Not an async function: inside `database.transaction()`, only a synchronous error rolls back. */
  markWithin(within: unknown, row: SettleRow): Promise<true> {
    if (!isDatabase(within) || isInTransaction(within) === false) {
      throw new TypeError(
        'complete({ within }): pass the database, and call it inside database.transaction(), without an await before it',
      )
    }
    const client = within === this.#client.database ? this.#client : new SqliteClient('sqliteStore', within)
    const { hash, token } = row
    const marks = SqliteMarks.of(within)
    if (this.#settle(client, row)) marks.add(token)
    else if (!marks.has(token) || client.row(this.#sql.isDone, hash, token) === undefined) throw claimLost()
    return Promise.resolve(true)
  }

  async isDone(hash: string, token: string): Promise<boolean> {
    this.#client.refuseForeignTransaction()
    return this.#client.row(this.#sql.isDone, hash, token) !== undefined
  }

  async newest(hash: string): Promise<number | undefined> {
    const known = this.#client.row<EntityRow>(this.#sql.newest, hash)
    return known && Number(known.position_ms)
  }

  async raise({ hash, entity, at, retentionMs }: PositionRow): Promise<number> {
    const raise = () => this.#client.row<EntityRow>(this.#sql.raise, hash, entity, at, retentionMs)
    return Number(this.#client.transaction(raise)?.position_ms ?? at)
  }

  async purge(limit: number, keepUnhandledMs: number): Promise<number> {
    // Each batch blocks this process, so let other work run in between.
    await nextTurn()
    return this.#client.transaction(() => {
      const events = this.#client.change(this.#sql.purgeEvents, -keepUnhandledMs, limit)
      return events + this.#client.change(this.#sql.purgeEntities, limit - events)
    })
  }

  #claim({ hash, key, provider, type, token, leaseMs, graceMs }: ClaimRow): Found {
    const isWon = this.#client.change(this.#sql.claim, hash, key, provider, type, token, leaseMs, -graceMs) === 1
    if (isWon) return WON
    const found = this.#client.row<FoundRow>(this.#sql.read, hash)
    if (found?.state === undefined) throw unreadableRows()
    return { state: found.state, leftMs: Number(found.left_ms) }
  }

  #settle(client: SqliteClient, { hash, token, state, ms }: SettleRow): boolean {
    return client.change(this.#sql.settle, state, state, ms, hash, token) === 1
  }
}
