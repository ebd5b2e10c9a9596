import { createHash } from 'node:crypto'
import { unreadableRows } from './session-failures.js'
import { isTaggedSql, runTagged, type TaggedSqlLike } from './tagged-sql.js'

/**
 * The methods used of a `Pool` or `Client` of pg, of a PGlite, of `sql` of postgres.js, or of a Bun.SQL. Nothing is
 * imported, so client and version are the user's.
 */
export type PostgresClientLike = QueryClientLike | TaggedSqlLike

interface QueryClientLike {
  query(text: string, values?: unknown[]): Promise<Result>
}

/** Returns whether a client has the methods that are used of it. */
export const isPostgresClient = (client: unknown): client is PostgresClientLike =>
  isTaggedSql(client) || typeof (client as Partial<QueryClientLike> | null | undefined)?.query === 'function'

interface Result {
  rows: unknown[]
}

/** The methods that only some of them have. */
interface Particulars {
  /** Of PGlite: runs several statements in one text. */
  exec?(text: string): Promise<unknown>
  /** Of pg.Client: idle, in a transaction, or in a failed one. */
  getTransactionStatus?(): 'I' | 'T' | 'E' | null
}

type NamedQuery = (query: { name: string; text: string; values: unknown[] }) => Promise<Result>

/** A prepared statement exists already, or does not exist: a pooler keeps none for its clients. */
const NOT_PREPARED: ReadonlySet<unknown> = new Set(['42P05', '26000'])

/** Wraps the user's client. */
export class PostgresClient {
  readonly #owner: string
  readonly #client: QueryClientLike & Particulars
  #isPrepared: boolean
  readonly #names = new Map<string, string>()
  #last: Promise<unknown> = Promise.resolve()

  /** `owner` is the function to which the user passed the client. Messages name it. */
  constructor(owner: string, client: PostgresClientLike, { prepare }: { prepare: boolean }) {
    this.#owner = owner
    this.#client = isTaggedSql(client) ? queryBy(client) : client
    // PGlite has no named statements, and needs none: it runs in this process.
    this.#isPrepared = prepare && this.#client.exec === undefined
  }

  /** Runs one statement as its own transaction. */
  async run<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    const result = await this.#alone(() =>
      this.#isPrepared ? this.#runNamed(text, values) : this.#query(text, values),
    )
    // The statement says which columns a row has.
    return rowsOf(result) as Row[]
  }

  /** Runs one statement without preparing it. */
  async runOnce<Row extends object>(text: string): Promise<Row[]> {
    return rowsOf(await this.#alone(() => this.#query(text, []))) as Row[]
  }

  /** Runs several statements without values as one transaction. */
  async script(text: string): Promise<void> {
    await this.#alone(() => this.#client.exec?.(text) ?? this.#client.query(text))
  }

  #query(text: string, values: unknown[]) {
    return this.#client.query(text, values)
  }

  /**
   * Names a statement, so that it is planned once on each connection. Stops naming statements when a pooler keeps none
   * for its clients, as PgBouncer before 1.21 does. The refused statement was not run.
   */
  async #runNamed(text: string, values: unknown[]): Promise<Result> {
    const query = this.#client.query as unknown as NamedQuery
    try {
      return await query.call(this.#client, { name: this.#name(text), text, values })
    } catch (error) {
      if (!NOT_PREPARED.has((error as { code?: unknown }).code)) throw error
      this.#isPrepared = false
      return this.#query(text, values)
    }
  }

  /** Returns the name of a text. It is the same in another store on the same connection. */
  #name(text: string): string {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const name = `mailbox_hooks_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    this.#names.set(text, name)
    return name
  }

  /** Runs statements one at a time on a single connection, and never in a foreign transaction. */
  #alone<T>(run: () => Promise<T>): Promise<T> {
    if (this.#client.getTransactionStatus === undefined) return run()
    const turn = this.#last.then(async () => {
      this.#refuseForeignTransaction()
      const result = await run()
      // A transaction whose BEGIN was sent before, but not answered yet.
      this.#refuseForeignTransaction()
      return result
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }

  #refuseForeignTransaction(): void {
    const status = this.#client.getTransactionStatus?.()
    if (status !== 'T' && status !== 'E') return
    throw new Error(
      `${this.#owner}: a transaction is open on the connection of the store, and its rollback would undo the work of ` +
        'the store. Give the store its own connection, or a pool',
    )
  }
}

/** Gives `sql` of postgres.js or Bun the method of pg. A named statement is one that it prepares, by its own name. */
const queryBy = (sql: TaggedSqlLike): QueryClientLike => ({
  query: (query: string | { text: string; values: unknown[] }, values: unknown[] = []) =>
    typeof query === 'string' ? runTagged(sql, query, values, false) : runTagged(sql, query.text, query.values, true),
})

/** Returns the rows of a result. Throws if the client returns them in another form. */
function rowsOf(result: Result | undefined): object[] {
  const rows = result?.rows
  if (!Array.isArray(rows) || !rows.every(isRow)) throw unreadableRows()
  return rows
}

const isRow = (row: unknown): row is object => typeof row === 'object' && row !== null && !Array.isArray(row)
