import { createHash } from 'node:crypto'

/**
 * The methods used of a `Pool` or `Client` of pg, or of a PGlite. Nothing is imported, so client and version are the
 * user's.
 */
export interface PostgresClientLike {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/** The methods that only some of them have. */
interface Particulars {
  /** Of PGlite: runs several statements in one text. */
  exec?(text: string): Promise<unknown>
  /** Of pg.Client: idle, in a transaction, or in a failed one. */
  getTransactionStatus?(): 'I' | 'T' | 'E' | null
}

type NamedQuery = (query: { name: string; text: string; values: unknown[] }) => Promise<{ rows: unknown[] }>

/** Wraps the user's client. */
export class PostgresClient {
  readonly #client: PostgresClientLike & Particulars
  readonly #isPrepared: boolean
  readonly #names = new Map<string, string>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(client: PostgresClientLike, { prepare }: { prepare: boolean }) {
    this.#client = client
    // PGlite has no named statements, and needs none: it runs in this process.
    this.#isPrepared = prepare && this.#client.exec === undefined
  }

  /** Runs one statement as its own transaction. */
  async run<Row>(text: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.#alone(() =>
      this.#isPrepared ? this.#runNamed(text, values) : this.#query(text, values),
    )
    // The statement says which columns a row has.
    return rows as Row[]
  }

  /** Runs several statements without values as one transaction. */
  async script(text: string): Promise<void> {
    await this.#alone(() => this.#client.exec?.(text) ?? this.#client.query(text))
  }

  #query(text: string, values: unknown[]) {
    return this.#client.query(text, values)
  }

  /** Names a statement, so that it is planned once on each connection. */
  #runNamed(text: string, values: unknown[]) {
    const query = this.#client.query as unknown as NamedQuery
    return query.call(this.#client, { name: this.#name(text), text, values })
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
      'postgresStore: a transaction is open on the connection of the store, and its rollback would undo the work of ' +
        'the store. Give the store its own connection, or a pool',
    )
  }
}
