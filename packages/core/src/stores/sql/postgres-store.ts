import { readOptions, type WithDefaults, withDefault, YES_OR_NO } from '../../options/option-rules.js'
import { refuseOthers } from '../refuse-others.js'
import { BATCHED } from './batcher.js'
import type { ClaimRow, Dialect, Found, PositionRow, SettleRow } from './dialect.js'
import { NOT_POSTGRES } from './other-sql-clients.js'
import { PostgresClient, type PostgresClientLike } from './postgres-client.js'
import { postgresStatements } from './postgres-statements.js'
import { SQL_RULES, type SqlStore, type SqlStoreOptions, sqlStore } from './sql-store.js'
import { tableNames } from './table-names.js'
import { markWithin } from './within.js'

export interface PostgresStoreOptions extends SqlStoreOptions {
  /** Uses named prepared statements. Set false for a PgBouncer that does not track them. Default true. */
  readonly prepare?: boolean | undefined
}

/**
 * Creates a store in a table of PostgreSQL (12 or later), with a `Pool` or `Client` of pg, or a PGlite. You open and close
 * the client. Call `migrate()` before the first delivery.
 *
 * `complete({ within })` takes the client of your transaction (of pg or PGlite), or a function
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
  if (typeof client?.query !== 'function')
    throw new TypeError('postgresStore: pass a Pool or Client of pg, or a PGlite')
  const read = readOptions<WithDefaults<PostgresStoreOptions>>('postgresStore', options, RULES)
  return sqlStore(new PostgresDialect(client, read), read)
}

const RULES = { ...SQL_RULES, prepare: withDefault(YES_OR_NO, true) } as const

interface FoundRow {
  readonly hash: string
  readonly state: Found['state']
  readonly left_ms: number
}

interface SettledRow {
  readonly hash: string
  readonly settled: boolean
}

interface EntityRow {
  readonly position_ms: number
}

class PostgresDialect implements Dialect {
  readonly limits = BATCHED
  readonly #user: PostgresClientLike
  readonly #client: PostgresClient
  readonly #sql: ReturnType<typeof postgresStatements>

  constructor(client: PostgresClientLike, options: WithDefaults<PostgresStoreOptions>) {
    this.#user = client
    this.#client = new PostgresClient(client, options)
    this.#sql = postgresStatements(tableNames(options, '"'))
  }

  migrate(): Promise<void> {
    return this.#client.script(this.#sql.migrate)
  }

  async claim(rows: readonly ClaimRow[]): Promise<Map<string, Found>> {
    const columns = ['hash', 'key', 'provider', 'type', 'token', 'leaseMs'] as const
    const found = await this.#runFor<ClaimRow, FoundRow>(rows, columns, this.#sql.claim, this.#sql.claimMany)
    return new Map(found.map(({ hash, state, left_ms }) => [hash, { state, leftMs: Number(left_ms) }]))
  }

  async settle(rows: readonly SettleRow[]): Promise<Map<string, boolean>> {
    const columns = ['hash', 'token', 'state', 'ms'] as const
    const answers = await this.#runFor<SettleRow, SettledRow>(rows, columns, this.#sql.settle, this.#sql.settleMany)
    return new Map(answers.map(({ hash, settled }) => [hash, settled]))
  }

  markWithin(within: unknown, { hash, token, ms }: SettleRow): Promise<true> {
    return markWithin(within, this.#user, this.#sql.mark, [hash, token, ms])
  }

  async isDone(hash: string, token: string): Promise<boolean> {
    return (await this.#client.run(this.#sql.isDone, [hash, token])).length === 1
  }

  async newest(hash: string): Promise<number | undefined> {
    const [known] = await this.#client.run<EntityRow>(this.#sql.newest, [hash])
    return known === undefined ? undefined : Number(known.position_ms)
  }

  async raise({ hash, entity, at, retentionMs }: PositionRow): Promise<number> {
    const [raised] = await this.#client.run<EntityRow>(this.#sql.raise, [hash, entity, at, retentionMs])
    return Number(raised?.position_ms)
  }

  async purge(limit: number): Promise<number> {
    const events = await this.#client.run(this.#sql.purgeEvents, [limit])
    if (events.length === limit) return limit
    const entities = await this.#client.run(this.#sql.purgeEntities, [limit - events.length])
    return events.length + entities.length
  }

  /** Returns the parameters: the columns of a lone row, or a list for each column of many rows. */
  #runFor<Row extends object, Answer>(
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

/** Writes an array as PostgreSQL does. Clients would inspect each value, which takes longer than everything else. */
const listOf = <Row>(rows: readonly Row[], column: keyof Row) =>
  `{${rows.map((row) => `"${String(row[column]).replace(/["\\]/g, '\\$&')}"`).join(',')}}`
