import { createHash } from 'node:crypto'

/**
 * A `Pool` or `Client` of pg, or a PGlite. Only what is called is described, and nothing imported, so that the client
 * and its version are the user's.
 */
export interface PostgresClientLike {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/** What only some of them have. */
interface Particulars {
  /** PGlite: several statements in one text. */
  exec?(text: string): Promise<unknown>
  /** pg.Client: idle, in a transaction, in a failed one. */
  getTransactionStatus?(): 'I' | 'T' | 'E' | null
}

type NamedQuery = (query: { name: string; text: string; values: unknown[] }) => Promise<{ rows: unknown[] }>

/** The user's client, whichever it is. */
export class PostgresClient {
  readonly #client: PostgresClientLike & Particulars
  readonly #isPrepared: boolean
  readonly #names = new Map<string, string>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(client: PostgresClientLike, { prepare }: { prepare: boolean }) {
    this.#client = client
    // PGlite knows no names for statements; it is in this process, and has no way to save.
    this.#isPrepared = prepare && this.#client.exec === undefined
  }

  /** Runs one statement, as a transaction of its own. */
  async run<Row>(text: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.#alone(() =>
      this.#isPrepared ? this.#runNamed(text, values) : this.#query(text, values),
    )
    // The statement says which columns a row has.
    return rows as Row[]
  }

  /** Runs several statements without values, together one transaction. */
  async script(text: string): Promise<void> {
    await this.#alone(() => this.#client.exec?.(text) ?? this.#client.query(text))
  }

  #query(text: string, values: unknown[]) {
    return this.#client.query(text, values)
  }

  /** A named statement is planned once on each connection. */
  #runNamed(text: string, values: unknown[]) {
    const query = this.#client.query as unknown as NamedQuery
    return query.call(this.#client, { name: this.#name(text), text, values })
  }

  /** The same text has the same name, also in another store on the same connection. */
  #name(text: string): string {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const name = `mailbox_hooks_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    this.#names.set(text, name)
    return name
  }

  /** A single connection does one thing after the other, and never in somebody else's transaction. */
  #alone<T>(run: () => Promise<T>): Promise<T> {
    if (this.#client.getTransactionStatus === undefined) return run()
    const turn = this.#last.then(async () => {
      this.#refuseForeignTransaction()
      const result = await run()
      // One that had been asked for, but not answered, before.
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
      'postgresStore: a transaction is open on the connection of the store, and would take its work along when it ' +
        'rolls back. Give the store a connection of its own, or a pool',
    )
  }
}
