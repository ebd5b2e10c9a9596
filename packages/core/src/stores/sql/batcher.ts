import { setImmediate as nextTurn } from 'node:timers/promises'
import { Timeouts } from '../../timeouts.js'
import { isRefusal } from './sql-errors.js'

export interface BatchedRow {
  readonly hash: string
}

export interface BatcherOptions<Row, Result> {
  /** Sends one statement: each key once, in order. What it does not answer, or answers undefined, was not decided. */
  readonly send: (rows: readonly Row[]) => Promise<ReadonlyMap<string, Result>>
  readonly limits: BatchLimits
}

export interface BatchLimits {
  readonly rows: number
  readonly inFlight: number
  /** Nothing can arrive while a statement runs, so even a lone row waits for what arrives in the same turn. */
  readonly gathersFirst?: boolean
}

/** More rows wait for their turn: a longer statement would only keep its first ones waiting for its last. */
export const BATCHED: BatchLimits = { rows: 250, inFlight: 2 }

/** Where a statement runs in this process, nothing is in flight beside it. */
export const BATCHED_IN_PROCESS: BatchLimits = { rows: 1_000, inFlight: 1, gathersFirst: true }

/** Each row by itself, as soon as it comes. */
export const UNBATCHED: BatchLimits = { rows: 1, inFlight: Number.POSITIVE_INFINITY }

/**
 * A statement that takes longer holds nobody up: its connection may have died without a word, which the operating system
 * finds out after a quarter of an hour.
 */
export const GIVES_WAY_MS = 1_000

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
  /** The keys that are not answered yet, each with those who wait for their turn with it. */
  readonly #turns = new Map<string, Waiting<Row, Result>[]>()
  readonly #timeouts = new Timeouts()
  #inFlight = 0
  #gathering = 0

  constructor(options: BatcherOptions<Row, Result>) {
    this.#options = options
  }

  /** Resolves to the answer for this row, undefined when it was not decided. */
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

  /** Sends what is one statement's share of the rows that wait, where so many statements may go. */
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

  /** Who was answered together comes again together: the first of them must not go ahead alone. */
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
        // One of the rows is bad. Its caller alone shall learn of it.
        for (const one of waiting) await this.#send([one])
        return
      }
      for (const { reject } of waiting) reject(error)
    }
  }
}
