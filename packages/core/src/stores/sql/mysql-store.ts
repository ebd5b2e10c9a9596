import { readOptions, type WithDefaults } from '../../options/option-rules.js'
import { refuseOthers } from '../refuse-others.js'
import { unfit } from '../unfit.js'
import { BATCHED } from './batcher.js'
import type { ClaimRow, Dialect, Found, PositionRow, SettleRow } from './dialect.js'
import { change, inTransaction, type MysqlPoolLike, onConnection, rowsOf } from './mysql-client.js'
import { claimsAsJson, mysqlStatements, settlementsAsJson, type TimedRow, textAsHex } from './mysql-statements.js'
import { NOT_MYSQL2 } from './other-sql-clients.js'
import { ServerClock } from './server-clock.js'
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
  readonly now_ms: unknown
}

const WON: Found = { state: 'won', leftMs: 0 }
const LATE: Found = { state: 'late', leftMs: 0 }
const NONE_DECIDED = new Map<string, boolean>()
/** A key that does not exist, to see whether rows can be read. */
const NOBODYS_CLAIM: ClaimRow = {
  hash: '0'.repeat(64),
  token: '',
  key: '',
  provider: '',
  type: '',
  leaseMs: 0,
  graceMs: 0,
}

class MysqlDialect implements Dialect {
  readonly canLoseAnswers = true
  readonly limits = BATCHED
  readonly #pool: MysqlPoolLike
  readonly #sql: ReturnType<typeof mysqlStatements>
  readonly #clock = new ServerClock()

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
    await this.#learnTime()
  }

  async claim(rows: readonly ClaimRow[]): Promise<Map<string, Found>> {
    const madeAt = performance.now()
    if (!this.#clock.isKnown) await this.#learnTime()
    const timed = rows.map((row) => this.#timed(row, madeAt))
    const found = await this.#read(timed)
    const absent = timed.filter(({ hash }) => !found.has(hash))
    const ended = timed.filter((row) => hasEnded(found.get(row.hash), row))
    const changed = (await this.#insert(absent)) + (await this.#takeOver(ended))
    // Another process may have won some of the keys: the tokens show it.
    if (changed < absent.length + ended.length) return this.#read(timed)
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

  markWithin(within: unknown, row: SettleRow): Promise<true> {
    const { hash, token, ms } = row
    const isHeld = () => this.#isHeld(settlementsAsJson([row]))
    return markWithin(within, this.#pool, { sql: this.#sql.mark, params: [ms, hash, token], isHeld })
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

  /** Learns the database's time. Throws if rows cannot be read. */
  async #learnTime(): Promise<void> {
    await this.#read([this.#timed(NOBODYS_CLAIM)])
  }

  #timed(row: ClaimRow, madeAt = performance.now()): TimedRow {
    return { ...row, deadlineMs: this.#clock.deadlineMs(row.leaseMs, madeAt) }
  }

  /** Returns what is known of the keys. A key that is absent, or ended, is `late` where nobody may take it any more. */
  async #read(rows: readonly TimedRow[]): Promise<Map<string, Found>> {
    const answers = await rowsOf<FoundRow>(this.#pool, this.#sql.read, claimsAsJson(rows))
    checkSession(answers)
    const byHash = new Map(answers.map((answer) => [String(answer.hash), answer]))
    const found = new Map<string, Found>()
    for (const { hash, deadlineMs } of rows) {
      const answer = byHash.get(hash)
      if (answer === undefined) throw unreadableRows()
      this.#clock.learn(Number(answer.now_ms))
      const known = foundAs(answer)
      if (known?.state !== 'won' && !(Number(known?.leftMs) > 0) && Number(answer.now_ms) > deadlineMs) {
        found.set(hash, LATE)
      } else if (known !== undefined) found.set(hash, known)
    }
    return found
  }

  /** Whether a claim that was not settled holds all the same. */
  async #isHeld(list: string): Promise<boolean> {
    const held = await rowsOf<SessionRow>(this.#pool, this.#sql.readHeld, list)
    if (held.length > 0) checkSession(held)
    return held.length > 0
  }

  async #insert(absent: readonly TimedRow[]): Promise<number> {
    return absent.length === 0 ? 0 : change(this.#pool, this.#sql.insert, claimsAsJson(absent))
  }

  async #takeOver(ended: readonly TimedRow[]): Promise<number> {
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

/** Returns the row of an event, as the statement describes it. Undefined if there is none. */
function foundAs({ state, left_ms }: FoundRow): Found | undefined {
  return state === null ? undefined : { state: String(state) as Found['state'], leftMs: Number(left_ms) }
}

/** Returns whether a row may be taken over, unless another process is faster. */
function hasEnded(found: Found | undefined, { graceMs }: ClaimRow): boolean {
  if (found === undefined || found.state === 'late' || found.leftMs > 0) return false
  return found.state !== 'claimed' || found.leftMs <= -graceMs
}

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
