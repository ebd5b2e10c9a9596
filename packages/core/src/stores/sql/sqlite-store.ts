import { setImmediate as nextTurn } from 'node:timers/promises'
import { claimLost } from '../../errors.js'
import { readOptions, type WithDefaults } from '../../options/option-rules.js'
import { refuseOthers } from '../refuse-others.js'
import { BATCHED_IN_PROCESS } from './batcher.js'
import type { ClaimRow, Dialect, Found, PositionRow, SettleRow } from './dialect.js'
import { NOT_SQLITE } from './other-sql-clients.js'
import { SQL_RULES, type SqlStore, type SqlStoreOptions, sqlStore } from './sql-store.js'
import { isInTransaction, refusePromises, SqliteClient, type SqliteDatabaseLike } from './sqlite-client.js'
import { sqliteStatements } from './sqlite-statements.js'
import { tableNames } from './table-names.js'

/**
 * Remembers in a table of SQLite (3.41 or later), by a database of better-sqlite3, libsql or node:sqlite, for services
 * of one machine. The database is yours to open and to close; call `migrate()` before the first delivery. Times in the
 * table are UTC.
 *
 * `complete({ within: database })` is called inside of `database.transaction()`, or, as node:sqlite has none, between
 * `exec('BEGIN IMMEDIATE')` and `exec('COMMIT')`, with `exec('ROLLBACK')` where something throws. It does its work at
 * once; its promise need not be awaited there.
 *
 * Open the database with `journal_mode = WAL` and, when several processes use it, with a time for which it waits for
 * the others (`timeout`): while it waits, this process does nothing else.
 *
 * A claim inside of a transaction of yours is refused: it would vanish when that rolls back.
 *
 * Throws a `TypeError` for options that cannot work.
 *
 * @example
 * const store = sqliteStore(new Database('webhooks.db'))
 * await store.migrate()
 * const receive = webhooks({ providers, store })
 */
export function sqliteStore(database: SqliteDatabaseLike, options: SqlStoreOptions = {}): SqlStore {
  refuseOthers('sqliteStore', database, NOT_SQLITE)
  if (!isDatabase(database))
    throw new TypeError('sqliteStore: pass a database of better-sqlite3, libsql or node:sqlite')
  refusePromises(database)
  const read = readOptions<WithDefaults<SqlStoreOptions>>('sqliteStore', options, SQL_RULES)
  return sqlStore(new SqliteDialect(database, read), read)
}

function isDatabase(value: unknown): value is SqliteDatabaseLike {
  const { prepare, exec } = (value ?? {}) as Partial<SqliteDatabaseLike>
  return typeof prepare === 'function' && typeof exec === 'function'
}

interface FoundRow {
  readonly state: Found['state']
  readonly left_ms: number
}

interface EntityRow {
  readonly position_ms: number
}

const WON: Found = { state: 'won', leftMs: 0 }

class SqliteDialect implements Dialect {
  readonly limits = BATCHED_IN_PROCESS
  readonly #client: SqliteClient
  readonly #sql: ReturnType<typeof sqliteStatements>

  constructor(database: SqliteDatabaseLike, options: WithDefaults<SqlStoreOptions>) {
    this.#client = new SqliteClient(database)
    this.#sql = sqliteStatements(tableNames(options, '"'))
  }

  refuseForeignTransaction = () => this.#client.refuseForeignTransaction()

  async migrate(): Promise<void> {
    this.#client.transaction(() => this.#client.database.exec(this.#sql.migrate))
  }

  async claim(rows: readonly ClaimRow[]): Promise<Map<string, Found>> {
    return this.#client.transaction(() => new Map(rows.map((row) => [row.hash, this.#claim(row)])))
  }

  async settle(rows: readonly SettleRow[]): Promise<Map<string, boolean>> {
    return this.#client.transaction(() => new Map(rows.map((row) => [row.hash, this.#settle(this.#client, row)])))
  }

  /** Not an async function: inside of `database.transaction()` only what is thrown at once rolls back. */
  markWithin(within: unknown, row: SettleRow): Promise<true> {
    if (!isDatabase(within) || isInTransaction(within) === false) {
      throw new TypeError(
        'complete({ within }): pass the database, and call it inside of database.transaction(), without an await before it',
      )
    }
    const client = within === this.#client.database ? this.#client : new SqliteClient(within)
    if (!this.#settle(client, row)) throw claimLost()
    return Promise.resolve(true)
  }

  async isDone(hash: string, token: string): Promise<boolean> {
    this.#client.refuseForeignTransaction()
    return this.#client.row(this.#sql.isDone, hash, token) !== undefined
  }

  async newest(hash: string): Promise<number | undefined> {
    return this.#client.row<EntityRow>(this.#sql.newest, hash)?.position_ms
  }

  async raise({ hash, entity, at, retentionMs }: PositionRow): Promise<number> {
    const raise = () => this.#client.row<EntityRow>(this.#sql.raise, hash, entity, at, retentionMs)
    return this.#client.transaction(raise)?.position_ms ?? at
  }

  async purge(limit: number): Promise<number> {
    // Each batch holds up this process: what else waits goes in between.
    await nextTurn()
    return this.#client.transaction(() => {
      const events = this.#client.change(this.#sql.purgeEvents, limit)
      return events + this.#client.change(this.#sql.purgeEntities, limit - events)
    })
  }

  #claim({ hash, key, provider, type, token, leaseMs }: ClaimRow): Found {
    const isWon = this.#client.change(this.#sql.claim, hash, key, provider, type, token, leaseMs) === 1
    if (isWon) return WON
    const found = this.#client.row<FoundRow>(this.#sql.read, hash)!
    return { state: found.state, leftMs: found.left_ms }
  }

  #settle(client: SqliteClient, { hash, token, state, ms }: SettleRow): boolean {
    return client.change(this.#sql.settle, state, state, ms, hash, token) === 1
  }
}
