/**
 * A Map that keeps at least half of `maxSize` and at most `maxSize` values, those that were set last.
 *
 * Two generations: when the young one is full, it takes the place of the old one, which goes as a whole. Taking single
 * keys off the front of a Map is some fifty times slower.
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
