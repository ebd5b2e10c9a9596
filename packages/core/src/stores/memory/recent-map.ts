/**
 * A Map that keeps the values that were set last: at least half of `maxSize`, at most `maxSize`.
 *
 * It has two generations. When the young one is full, it replaces the old one as a whole. Deleting single keys from the
 * front of a Map is some fifty times slower.
 */
export class RecentMap<Value> {
  readonly #generationSize: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  constructor(maxSize: number) {
    this.#generationSize = Math.ceil(maxSize / 2)
  }

  get(key: string): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: string, value: Value): void {
    if (this.#young.size >= this.#generationSize && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
