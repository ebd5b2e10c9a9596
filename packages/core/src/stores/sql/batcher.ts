import { setImmediate as nextTurn } from 'node:timers/promises'
import { Timeouts } from '../../timeouts.js'
import { isRefusal } from './sql-errors.js'

export interface BatchedRow {
  readonly hash: string
}

export interface BatcherOptions<Row, Result> {
  /** Sends one statement: each key once, in order. A key without a result was not decided. */
  readonly send: (rows: readonly Row[]) => Promise<ReadonlyMap<string, Result>>
  readonly limits: BatchLimits
}

export interface BatchLimits {
  readonly rows: number
  readonly inFlight: number
  /** Makes even a lone row wait for rows of the same turn, because nothing can arrive while a statement runs. */
  readonly gathersFirst?: boolean
}

/** Limits a statement to 250 rows, because a longer one would delay its first rows. */
export const BATCHED: BatchLimits = { rows: 250, inFlight: 2 }

/** The limits for a database in this process, where one statement runs at a time. */
export const BATCHED_IN_PROCESS: BatchLimits = { rows: 1_000, inFlight: 1, gathersFirst: true }

/** Sends each row by itself, at once. */
export const UNBATCHED: BatchLimits = { rows: 1, inFlight: Number.POSITIVE_INFINITY }

/**
 * After this time a statement no longer delays others. Its connection may have died silently, and the operating system
 * takes a quarter of an hour to notice.
 */
export const GIVES_WAY_MS = 1_000

interface Waiting<Row, Result> {
  readonly row: Row
  readonly resolve: (result: Result | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Batches rows into statements. A lone row is sent at once. Rows that arrive while statements are in flight go together,
 * as one statement.
 *
 * Rows of the same key take turns, because a statement that names a row twice fails on some databases. All statements name
 * their rows in the same order, so that two of them never deadlock.
 */
export class Batcher<Row extends BatchedRow, Result> {
  readonly #options: BatcherOptions<Row, Result>
  readonly #queue: Waiting<Row, Result>[] = []
  /** The undecided keys, each with the rows that wait for their turn. */
  readonly #turns = new Map<string, Waiting<Row, Result>[]>()
  readonly #timeouts = new Timeouts()
  #inFlight = 0
  #gathering = 0

  constructor(options: BatcherOptions<Row, Result>) {
    this.#options = options
  }

  /** Adds a row. Resolves to its result, or to undefined if it was not decided. */
  add(row: Row): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      const turns = this.#turns.get(row.hash)
      if (turns !== undefined) return void turns.push({ row, resolve, reject })
      this.#turns.set(row.hash, [])
      this.#enqueue({ row, resolve, reject })
    })
  }

  #enqueue(waiting: Waiting<Row, Result>): void {
    this.#queue.push(waiting)
    this.#sendNext()
  }

  #endTurn({ hash }: Row): void {
    const next = this.#turns.get(hash)?.shift()
    if (next === undefined) this.#turns.delete(hash)
    else this.#enqueue(next)
  }

  #sendNext(): void {
    const { inFlight } = this.#options.limits
    while (this.#gathering === 0 && this.#queue.length > 0 && this.#inFlight < inFlight) {
      this.#sendShare(inFlight - this.#inFlight)
    }
  }

  /** Sends one statement with its share of the waiting rows, if `statements` may be sent. */
  async #sendShare(statements: number): Promise<void> {
    const { limits } = this.#options
    this.#inFlight++
    if (limits.gathersFirst) await nextTurn()
    const share = Math.max(1, Math.ceil(this.#queue.length / statements))
    const waiting = this.#queue.splice(0, Math.min(share, limits.rows))
    waiting.sort((one, other) => (one.row.hash < other.row.hash ? -1 : 1))
    let isHeldUp = true
    const goOn = () => {
      if (!isHeldUp) return
      isHeldUp = false
      for (const { row } of waiting) this.#endTurn(row)
      this.#inFlight--
      this.#sendNext()
    }
    const timeout = this.#timeouts.start(GIVES_WAY_MS, goOn)
    await this.#send(waiting)
    this.#timeouts.stop(timeout)
    goOn()
  }

  /** Waits a turn, because callers that were answered together call again together: the first must not go alone. */
  async #letAllCome(): Promise<void> {
    this.#gathering++
    await nextTurn()
    this.#gathering--
    this.#sendNext()
  }

  async #send(waiting: readonly Waiting<Row, Result>[]): Promise<void> {
    if (waiting.length === 0) return
    try {
      const results = await this.#options.send(waiting.map(({ row }) => row))
      if (waiting.length > 1) this.#letAllCome()
      for (const { row, resolve } of waiting) resolve(results.get(row.hash))
    } catch (error) {
      if (waiting.length > 1 && isRefusal(error)) {
        // One of the rows is bad. Only its caller gets the error.
        for (const one of waiting) await this.#send([one])
        return
      }
      for (const { reject } of waiting) reject(error)
    }
  }
}
