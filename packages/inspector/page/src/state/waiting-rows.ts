import type { Row } from '../../../src/api.ts'

/** Keeps the rows that arrive while somebody reads: the newest ones, because a person may read for hours. */
export class WaitingRows {
  readonly #maxRows: number
  #rows = new Map<string, Row>()
  #hasGap = false

  constructor(maxRows: number) {
    this.#maxRows = maxRows
  }

  get size(): number {
    return this.#rows.size
  }

  /** Whether rows were left out, so that the list cannot go on from these to those that it shows. */
  get hasGap(): boolean {
    return this.#hasGap
  }

  has(key: string): boolean {
    return this.#rows.has(key)
  }

  put(row: Row): void {
    this.#rows.set(row.key, row)
    if (this.#rows.size <= this.#maxRows) return
    const [oldest] = this.#rows.keys()
    if (oldest !== undefined) this.#rows.delete(oldest)
    this.#hasGap = true
  }

  delete(key: string): void {
    this.#rows.delete(key)
  }

  /** Returns the rows, oldest first, and forgets them. */
  takeAll(): Row[] {
    const rows = [...this.#rows.values()]
    this.#rows = new Map()
    this.#hasGap = false
    return rows
  }
}
