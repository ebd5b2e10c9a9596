import type { ArrivalRecord } from './arrival.js'

/** Everything else of a record, roughly. */
const OVERHEAD_BYTES = 2_000

/** Keeps the bytes of the newest requests, up to a total, and drops those of older ones. */
export class KeptBytes {
  readonly #limit: number
  /** The oldest first, from `#next` on. */
  #records: { readonly record: ArrivalRecord; readonly bytes: number }[] = []
  #next = 0
  #total = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  keep(record: ArrivalRecord | undefined): void {
    if (record === undefined || record.isKept) return
    record.isKept = true
    const bytes = OVERHEAD_BYTES + (record.body?.length ?? 0)
    this.#records.push({ record, bytes })
    this.#total += bytes
    while (this.#total > this.#limit) this.#dropOldest()
  }

  #dropOldest(): void {
    const { record, bytes } = this.#records[this.#next]!
    record.dropBody()
    this.#total -= bytes
    this.#next++
    if (this.#next < 1_000) return
    this.#records = this.#records.slice(this.#next)
    this.#next = 0
  }
}
