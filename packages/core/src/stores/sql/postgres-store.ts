import { readOptions, type WithDefaults, withDefault, YES_OR_NO } from '../../options/option-rules.js'
import { refuseOthers } from '../refuse-others.js'
import { BATCHED } from './batcher.js'
import type { ClaimRow, Dialect, Found, PositionRow, SettleRow } from './dialect.js'
import { inAscii } from './event-hash.js'
import { NOT_POSTGRES } from './other-sql-clients.js'
import { isPostgresClient, PostgresClient, type PostgresClientLike } from './postgres-client.js'
import { postgresStatements } from './postgres-statements.js'
import { ServerClock } from './server-clock.js'
import { leftOpenTransaction, unreadableRows } from './session-failures.js'
import { SQL_RULES, type SqlStore, type SqlStoreOptions, sqlStore } from './sql-store.js'
import { tableNames } from './table-names.js'
import { markWithin } from './within.js'

export interface PostgresStoreOptions extends SqlStoreOptions {
  /** Uses named prepared statements. Set false for a PgBouncer that does not track them. Default true. */
  readonly prepare?: boolean | undefined
}

/**
 * Creates a store in a table of PostgreSQL (12 or later), with a `Pool` or `Client` of pg, a PGlite, `sql` of postgres.js,
 * or a Bun.SQL. You open and close the client. Call `migrate()` before the first delivery.
 *
 * `complete({ within })` takes the client of your transaction (of pg or PGlite, or the `sql` of a `begin`), or a function
 * `(sql, params) => Promise<{ rowCount }>` that runs a statement in it. It does not take the store's own connection.
 * Give the store its own pool: in a shared pool, handlers keep it waiting for a connection.
 *
 * Throws a `TypeError` for a wrong option.
 *
 * @example
 * const store = postgresStore(new Pool({ connectionString, max: 4 }))
 * await store.migrate()
 * const receive = webhooks({ providers, store })
 */
export function postgresStore(client: PostgresClientLike, options: PostgresStoreOptions = {}): SqlStore {
  refuseOthers('postgresStore', client, NOT_POSTGRES)
  if (!isPostgresClient(client)) {
    throw new TypeError('postgresStore: pass a Pool or Client of pg, a PGlite, sql of postgres.js, or a Bun.SQL')
  }
  const read = readOptions<WithDefaults<PostgresStoreOptions>>('postgresStore', options, RULES)
  return sqlStore(new PostgresDialect(client, read), read)
}

const RULES = { ...SQL_RULES, prepare: withDefault(YES_OR_NO, true) } as const

/** The state is `open` if the statement ran in a transaction that was left open. */
interface FoundRow extends HashedRow {
  readonly state: Found['state'] | 'open'
  readonly left_ms: string
  readonly now_ms: string
}

interface SessionRow {
  readonly is_open: string
  readonly now_ms: string
}

interface TimedRow extends ClaimRow {
  readonly deadlineMs: number
}

interface SettledRow extends HashedRow {
  readonly settled: 'true' | 'false' | 'open'
}

interface HashedRow {
  readonly hash: string
}

interface EntityRow {
  readonly position_ms: string
}

class PostgresDialect implements Dialect {
  readonly canLoseAnswers = true
  readonly limits = BATCHED
  readonly #user: PostgresClientLike
  readonly #client: PostgresClient
  readonly #sql: ReturnType<typeof postgresStatements>
  readonly #clock = new ServerClock()
  /** Rows can be read, and the first session commits. */
  #isFit = false
  /** The database or the connection lacks some character. */
  #isAscii = false

  constructor(client: PostgresClientLike, options: WithDefaults<PostgresStoreOptions>) {
    this.#user = client
    this.#client = new PostgresClient('postgresStore', client, options)
    this.#sql = postgresStatements(tableNames(options, '"'))
  }

  async migrate(): Promise<void> {
    await this.#checkSession()
    await this.#client.script(this.#sql.migrate)
    await this.#checkSession()
  }

  async claim(rows: readonly ClaimRow[]): Promise<Map<string, Found>> {
    const madeAt = performance.now()
    // Each statement checks by itself until one check succeeds, because a connection may have died silently.
    if (!this.#isFit) await this.#checkSession()
    const columns = ['hash', 'key', 'provider', 'type', 'token', 'leaseMs', 'graceMs', 'deadlineMs'] as const
    const found = await this.#withTexts((isAscii) => {
      const readable = isAscii ? rows.map(claimInAscii) : rows
      const timed = readable.map((row) => ({
        ...row,
        deadlineMs: this.#clock.deadlineMs(row.leaseMs, madeAt),
      }))
      return this.#runFor<TimedRow, FoundRow>(timed, columns, this.#sql.claim, this.#sql.claimMany)
    })
    return answersOf(rows, found, ({ state, left_ms, now_ms }) => {
      this.#clock.learn(Number(now_ms))
      if (state === 'open') throw leftOpenTransaction()
      return { state, leftMs: Number(left_ms) }
    })
  }

  async settle(rows: readonly SettleRow[]): Promise<Map<string, boolean>> {
    const columns = ['hash', 'token', 'state', 'ms'] as const
    const settled = await this.#runFor<SettleRow, SettledRow>(rows, columns, this.#sql.settle, this.#sql.settleMany)
    return answersOf(rows, settled, ({ settled }) => {
      if (settled === 'open') throw leftOpenTransaction()
      return settled === 'true'
    })
  }

  markWithin(within: unknown, { hash, token, ms }: SettleRow): Promise<true> {
    return markWithin(within, this.#user, { sql: this.#sql.mark, params: [hash, token, ms] })
  }

  async isDone(hash: string, token: string): Promise<boolean> {
    return (await this.#client.run(this.#sql.isDone, [hash, token])).length === 1
  }

  async newest(hash: string): Promise<number | undefined> {
    const [known] = await this.#client.run<EntityRow>(this.#sql.newest, [hash])
    return known === undefined ? undefined : Number(known.position_ms)
  }

  async raise({ hash, entity, at, retentionMs }: PositionRow): Promise<number> {
    const [raised] = await this.#withTexts((isAscii) =>
      this.#client.run<EntityRow>(this.#sql.raise, [hash, isAscii ? inAscii(entity) : entity, at, retentionMs]),
    )
    return Number(raised?.position_ms)
  }

  async purge(limit: number, keepUnhandledMs: number): Promise<number> {
    const events = await this.#client.run(this.#sql.purgeEvents, [limit, keepUnhandledMs])
    if (events.length === limit) return limit
    const entities = await this.#client.run(this.#sql.purgeEntities, [limit - events.length])
    return events.length + entities.length
  }

  /** Throws if rows cannot be read, or if a transaction was left open. Claims nothing. */
  async #checkSession(): Promise<void> {
    const [row] = await this.#client.runOnce<SessionRow>(this.#sql.session)
    if (row?.is_open !== 'true' && row?.is_open !== 'false') throw unreadableRows()
    if (row.is_open === 'true') throw leftOpenTransaction()
    this.#clock.learn(Number(row.now_ms))
    this.#isFit = true
  }

  /** Runs a statement with texts for people, escaped if the database or the connection lacks a character. */
  async #withTexts<T>(run: (isAscii: boolean) => Promise<T>): Promise<T> {
    const isAscii = this.#isAscii
    try {
      return await run(isAscii)
    } catch (error) {
      if (isAscii || !UNSAYABLE.has((error as { code?: unknown }).code)) throw error
      this.#isAscii = true
      return run(true)
    }
  }

  /** Passes the columns of a lone row as parameters, or a list for each column of many rows. */
  #runFor<Row extends object, Answer extends object>(
    rows: readonly Row[],
    columns: readonly (keyof Row)[],
    one: string,
    many: string,
  ) {
    const [row] = rows
    const valuesOf = (column: keyof Row) => (rows.length > 1 ? listOf(rows, column) : row?.[column])
    return this.#client.run<Answer>(rows.length > 1 ? many : one, columns.map(valuesOf))
  }
}

/** The database lacks a character, or the connection's encoding lacks a byte sequence. */
const UNSAYABLE: ReadonlySet<unknown> = new Set(['22P05', '22021'])

const claimInAscii = ({ key, provider, type, ...row }: ClaimRow): ClaimRow => ({
  ...row,
  key: inAscii(key),
  provider: inAscii(provider),
  type: inAscii(type),
})

/** Returns the answers by their hashes. Throws if a row is not what the statement returns. */
function answersOf<Row extends HashedRow, Answer>(
  rows: readonly HashedRow[],
  found: readonly Row[],
  read: (row: Row) => Answer,
): Map<string, Answer> {
  const hashes = new Set(rows.map(({ hash }) => hash))
  if (!found.every(({ hash }) => hashes.has(hash))) throw unreadableRows()
  return new Map(found.map((row) => [row.hash, read(row)]))
}

/** Writes an array as PostgreSQL does. Clients would inspect each value, which takes longer than everything else. */
const listOf = <Row>(rows: readonly Row[], column: keyof Row) =>
  `{${rows.map((row) => `"${String(row[column]).replace(/["\\]/g, '\\$&')}"`).join(',')}}`
