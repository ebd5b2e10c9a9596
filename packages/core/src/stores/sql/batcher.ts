import { isRefusal } from './sql-errors.js'

export interface BatchedRow {
  readonly hash: string
}

export interface BatcherOptions<Row, Result> {
  /** Sends one statement: each key once, in order. What it does not answer, or answers undefined, was not decided. */
  readonly send: (rows: readonly Row[]) => Promise<ReadonlyMap<string, Result>>
  /** Awaited before rows are taken from the queue, where a statement cannot be in flight while others arrive. */
  readonly gather?: (() => Promise<void>) | undefined
  readonly limits: BatchLimits
}

export interface BatchLimits {
  readonly rows: number
  readonly inFlight: number
}

/** More rows wait for their turn: a longer statement would only keep its first ones waiting for its last. */
export const BATCHED: BatchLimits = { rows: 250, inFlight: 2 }

/** Where a statement runs in this process, nothing is in flight beside it. */
export const BATCHED_IN_PROCESS: BatchLimits = { rows: 1_000, inFlight: 1 }

/** Each row by itself, as soon as it comes. */
export const UNBATCHED: BatchLimits = { rows: 1, inFlight: Number.POSITIVE_INFINITY }

interface Waiting<Row, Result> {
  readonly row: Row
  readonly resolve: (result: Result | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Sends a lone row at once; what arrives while statements are in flight goes together, as one statement.
 *
 * Rows of one key take turns: a statement that names a row twice fails on some databases, and means nothing on others.
 * All statements name their rows in the same order, so that two of them never wait for each other.
 */
export class Batcher<Row extends BatchedRow, Result> {
  readonly #options: BatcherOptions<Row, Result>
  readonly #queue: Waiting<Row, Result>[] = []
  /** The last of each key that is not answered yet. */
  readonly #turns = new Map<string, Promise<unknown>>()
  #inFlight = 0

  constructor(options: BatcherOptions<Row, Result>) {
    this.#options = options
  }

  /** Resolves to the answer for this row, undefined when it was not decided. */
  add(row: Row): Promise<Result | undefined> {
    const result = this.#turns.get(row.hash)?.then(() => this.#enqueue(row)) ?? this.#enqueue(row)
    const end = () => {
      if (this.#turns.get(row.hash) === turn) this.#turns.delete(row.hash)
    }
    const turn = result.then(end, end)
    this.#turns.set(row.hash, turn)
    return result
  }

  #enqueue(row: Row): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ row, resolve, reject })
      this.#sendNext()
    })
  }

  #sendNext(): void {
    if (this.#inFlight === this.#options.limits.inFlight || this.#queue.length === 0) return
    this.#inFlight++
    this.#sendWaiting().finally(() => {
      this.#inFlight--
      this.#sendNext()
    })
  }

  async #sendWaiting(): Promise<void> {
    const { gather, limits } = this.#options
    if (gather !== undefined) await gather()
    const waiting = this.#queue.splice(0, limits.rows)
    waiting.sort((one, other) => (one.row.hash < other.row.hash ? -1 : 1))
    await this.#send(waiting)
  }

  async #send(waiting: readonly Waiting<Row, Result>[]): Promise<void> {
    if (waiting.length === 0) return
    try {
      const results = await this.#options.send(waiting.map(({ row }) => row))
      for (const { row, resolve } of waiting) resolve(results.get(row.hash))
    } catch (error) {
      if (waiting.length > 1 && isRefusal(error)) {
        // One of the rows is bad. Its caller alone shall learn of it.
        for (const one of waiting) await this.#send([one])
        return
      }
      for (const { reject } of waiting) reject(error)
    }
  }
}
