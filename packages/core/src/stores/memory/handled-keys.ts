import type { Fingerprint } from './keyed-hash.js'

const FIRST_CAPACITY = 1024
const NONE = -1

/**
 * Remembers handled keys by their fingerprints, each until its retention ends. A key takes 32 bytes when the store is full,
 * and up to twice that right after a growth. A Map of texts takes three to ten times as much, and every full garbage
 * collection scans it.
 *
 * Entries are in a ring, in the order of their addition. An open hash table maps a fingerprint to its entry. Both double
 * when they grow, up to `maxKeys`, and never shrink.
 */
export class HandledKeys {
  readonly #maxKeys: number
  readonly #onLost: () => void
  /** Holds four words for each entry. */
  #fingerprints = new Int32Array(0)
  #forgetAt = new Float64Array(0)
  /** Holds numbers of entries, with linear probing. At most half full. */
  #index = new Int32Array(0)
  #oldest = 0
  #size = 0

  /** `onLost` is called if a key is dropped before its retention ends. */
  constructor(maxKeys: number, onLost: () => void) {
    this.#maxKeys = maxKeys
    this.#onLost = onLost
    this.#resize(Math.min(FIRST_CAPACITY, maxKeys))
  }

  /** Returns the number of entries, including those whose retention has ended. */
  get size(): number {
    return this.#size
  }

  has(fingerprint: Fingerprint, now: number): boolean {
    const entry = this.#index[this.#find(fingerprint)]!
    return entry !== NONE && this.#forgetAt[entry]! > now
  }

  /** Adds a key, or makes an existing one the youngest. */
  add(fingerprint: Fingerprint, now: number, forgetAt: number): void {
    if (this.#size === this.#forgetAt.length) this.#makeRoom(now)
    const entry = (this.#oldest + this.#size) % this.#forgetAt.length
    this.#write(entry, fingerprint)
    this.#forgetAt[entry] = forgetAt
    // An older entry of the same key stays in the ring, but the index no longer refers to it.
    this.#index[this.#find(fingerprint)] = entry
    this.#size++
  }

  dropOldest(now: number): void {
    if (this.#size === 0) return
    const entry = this.#oldest
    this.#oldest = (entry + 1) % this.#forgetAt.length
    this.#size--
    const slot = this.#find(this.#read(entry))
    if (this.#index[slot] !== entry) return
    this.#free(slot)
    if (this.#forgetAt[entry]! > now) this.#onLost()
  }

  /** Drops an ended entry before it grows, so that a store with short retentions stays small. */
  #makeRoom(now: number): void {
    const isOver = this.#forgetAt[this.#oldest]! <= now
    if (isOver || this.#size === this.#maxKeys) this.dropOldest(now)
    else this.#resize(Math.min(this.#size * 2, this.#maxKeys))
  }

  /** Resizes a full ring, and rotates it so that the oldest entry comes first. */
  #resize(capacity: number): void {
    this.#fingerprints = turned(this.#fingerprints, this.#oldest * 4, new Int32Array(capacity * 4))
    this.#forgetAt = turned(this.#forgetAt, this.#oldest, new Float64Array(capacity))
    this.#oldest = 0
    this.#index = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2))).fill(NONE)
    for (let entry = 0; entry < this.#size; entry++) this.#index[this.#find(this.#read(entry))] = entry
  }

  #read(entry: number): Fingerprint {
    const words = this.#fingerprints
    const at = entry * 4
    return { a: words[at]!, b: words[at + 1]!, c: words[at + 2]!, d: words[at + 3]! }
  }

  #write(entry: number, { a, b, c, d }: Fingerprint): void {
    const words = this.#fingerprints
    const at = entry * 4
    words[at] = a
    words[at + 1] = b
    words[at + 2] = c
    words[at + 3] = d
  }

  /** Returns the slot of the entry with this fingerprint, or the free slot for it. */
  #find(fingerprint: Fingerprint): number {
    const mask = this.#index.length - 1
    let slot = fingerprint.a & mask
    while (this.#index[slot] !== NONE && !this.#is(this.#index[slot]!, fingerprint)) slot = (slot + 1) & mask
    return slot
  }

  #is(entry: number, { a, b, c, d }: Fingerprint): boolean {
    const words = this.#fingerprints
    const at = entry * 4
    return words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d
  }

  /** Empties a slot. The slots behind it move up, because a search ends at the first free slot. */
  #free(slot: number): void {
    const index = this.#index
    const mask = index.length - 1
    let gap = slot
    for (let next = (gap + 1) & mask; index[next] !== NONE; next = (next + 1) & mask) {
      const home = this.#fingerprints[index[next]! * 4]! & mask
      const standsBehindGap = ((next - home) & mask) >= ((next - gap) & mask)
      if (!standsBehindGap) continue
      index[gap] = index[next]!
      gap = next
    }
    index[gap] = NONE
  }
}

/** Copies a full ring into `target`, beginning with the element at `start`. */
function turned<T extends Int32Array | Float64Array>(ring: T, start: number, target: T): T {
  target.set(ring.subarray(start))
  target.set(ring.subarray(0, start), ring.length - start)
  return target
}
