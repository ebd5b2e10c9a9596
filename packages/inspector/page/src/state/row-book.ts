import type { Row } from '../../../src/api.ts'

/**
 * Keeps the rows of the list, newest first, each at its place while others arrive above it.
 *
 * New rows are pushed to one array and older pages to another, so that neither moves what is there already.
 */
export class RowBook {
  readonly #maxRows: number
  /** Oldest first. */
  #newer: Row[] = []
  /** Newest first. */
  #older: Row[] = []
  /** The index in `#newer`, or -1 - the index in `#older`. */
  #places = new Map<string, number>()

  constructor(maxRows: number) {
    this.#maxRows = maxRows
  }

  get size(): number {
    return this.#newer.length + this.#older.length
  }

  at(index: number): Row | undefined {
    const { length } = this.#newer
    return index < length ? this.#newer[length - 1 - index] : this.#older[index - length]
  }

  indexOf(key: string): number {
    const place = this.#places.get(key)
    // The same sum for both arrays, because the places of older rows count down from -1.
    return place === undefined ? -1 : this.#newer.length - 1 - place
  }

  /** Replaces a row at its place. Returns false if it is not in the book. */
  replace(row: Row): boolean {
    const place = this.#places.get(row.key)
    if (place === undefined) return false
    if (place >= 0) this.#newer[place] = row
    else this.#older[-1 - place] = row
    return true
  }

  /** Puts a row on top. */
  push(row: Row): void {
    this.#places.set(row.key, this.#newer.push(row) - 1)
    if (this.size > this.#maxRows) this.#dropOldest()
  }

  /** Adds a page of older rows below the others. */
  append(rows: readonly Row[]): void {
    for (const row of rows) {
      if (!this.replace(row)) this.#places.set(row.key, -this.#older.push(row))
    }
  }

  clear(): void {
    this.#newer = []
    this.#older = []
    this.#places.clear()
  }

  /** Drops a tenth at once, because each drop moves the rest. */
  #dropOldest(): void {
    const count = Math.ceil(this.#maxRows / 10)
    for (const row of this.#older.splice(Math.max(0, this.#older.length - count))) this.#places.delete(row.key)
    if (this.size <= this.#maxRows) return
    // Nothing older is left here.
    this.#newer = this.#newer.slice(count)
    this.#places = new Map(this.#newer.map((row, index) => [row.key, index]))
  }
}
