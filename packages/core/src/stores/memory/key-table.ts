import type { Fingerprint } from './keyed-hash.js'

/** Stands for no entry. */
export const NONE = -1

const FIRST_CAPACITY = 1024
/** The holders of entries that no claim holds. A claim is a number above them. */
const HANDLED = 0
const FORGOTTEN = -1
/** Of the 31 bits of a slot. No memory holds more entries. */
const MOST_ENTRY_BITS = 30
/** The number of live claims that are passed over to find an entry that may be dropped. */
const MOST_PASSED = 100

/**
 * Remembers keys by their fingerprints: who holds them, or that they were handled, and until when. A key takes 36 bytes when
 * the table is full, and up to twice that right after a growth. A Map of texts takes three to ten times as much, and every
 * full garbage collection scans it.
 *
 * Entries are in a ring, in the order of their addition. An open hash table maps a fingerprint to its entry. Both double
 * when they grow, up to `maxKeys`, and never shrink.
 */
export class KeyTable {
  readonly #maxKeys: number
  readonly #onLost: () => void
  /** Holds four words for each entry. */
  #fingerprints = new Int32Array(0)
  #until = new Float64Array(0)
  #holders = new Int32Array(0)
  /**
   * Holds an entry and its distance from the slot where its search begins, with linear probing. At most half full. By its
   * distance most other entries are told from the wanted one without a look at their fingerprints.
   */
  #index = new Int32Array(0)
  /** The bits of a slot that hold the entry. The distance is above them. */
  #entryBits = 0
  /** The longest distance that a slot has room for. It stands for all longer ones, too. */
  #farthest = 0
  #oldest = 0
  #size = 0

  /** `onLost` is called if a handled key is dropped before its time is over. */
  constructor(maxKeys: number, onLost: () => void) {
    this.#maxKeys = maxKeys
    this.#onLost = onLost
    this.#resize(Math.min(FIRST_CAPACITY, maxKeys))
  }

  /** Returns the number of entries, including those whose time is over. */
  get size(): number {
    return this.#size
  }

  /** Returns the entry of a key, or `NONE`. It is valid until a key is added or removed. */
  find(fingerprint: Fingerprint): number {
    const index = this.#index
    const mask = index.length - 1
    let slot = fingerprint.a & mask
    for (let distance = 0; index[slot] !== NONE; distance++) {
      const isAlike = index[slot]! >>> this.#entryBits === Math.min(distance, this.#farthest)
      if (isAlike && this.#is(this.#entryIn(slot), fingerprint)) return this.#entryIn(slot)
      slot = (slot + 1) & mask
    }
    return NONE
  }

  /** Returns the time until which the key of an entry is held, or known as handled. */
  untilOf(entry: number): number {
    return this.#until[entry]!
  }

  isHandled(entry: number): boolean {
    return this.#holders[entry] === HANDLED
  }

  /** Returns the claim that holds the key of an entry, a positive number, or another number if none does. */
  holderOf(entry: number): number {
    return this.#holders[entry]!
  }

  /** Adds a key that a claim holds, and that the table does not have. */
  add(fingerprint: Fingerprint, claim: number, until: number, now: number): void {
    this.#makeRoom(now)
    const entry = this.#entryFrom(this.#size)
    this.#write(entry, fingerprint)
    this.#until[entry] = until
    this.#holders[entry] = claim
    this.#size++
    this.#enter(entry)
  }

  extend(entry: number, until: number): void {
    this.#until[entry] = until
  }

  handle(entry: number, until: number): void {
    this.#holders[entry] = HANDLED
    this.#until[entry] = until
  }

  /** Forgets a key, and leaves its entry in the ring, where it is the next to be dropped once it is the oldest. */
  forget(entry: number): void {
    this.#free(this.#slotOf(entry))
    this.#holders[entry] = FORGOTTEN
  }

  /** Removes a key. The youngest entry takes the place of its entry, so that removed keys take no room. */
  remove(entry: number): void {
    this.#free(this.#slotOf(entry))
    this.#size--
    this.#move(this.#entryFrom(this.#size), entry)
  }

  /** Makes room for an entry: drops the oldest if its time is over or the table has its `maxKeys`, and grows otherwise. */
  #makeRoom(now: number): void {
    while (this.#size >= this.#maxKeys && this.#passLiveClaims(now)) this.#dropOldest(now)
    const capacity = this.#until.length
    if (this.#size < capacity) return
    if (this.#isOver(this.#oldest, now)) this.#dropOldest(now)
    else this.#resize(capacity < this.#maxKeys ? Math.min(capacity * 2, this.#maxKeys) : capacity * 2)
  }

  /** Makes the oldest entries the youngest as long as they are live claims. Returns false if there are too many. */
  #passLiveClaims(now: number): boolean {
    const mostPassed = Math.min(this.#size, MOST_PASSED)
    for (let passed = 0; this.#isLiveClaim(this.#oldest, now); passed++) {
      if (passed === mostPassed) return false
      this.#move(this.#oldest, this.#entryFrom(this.#size))
      this.#oldest = this.#entryFrom(1)
    }
    return true
  }

  #isLiveClaim(entry: number, now: number): boolean {
    return this.#holders[entry]! > HANDLED && this.#until[entry]! > now
  }

  #isOver(entry: number, now: number): boolean {
    const holder = this.#holders[entry]!
    return holder === FORGOTTEN || (holder === HANDLED && this.#until[entry]! <= now)
  }

  #dropOldest(now: number): void {
    const entry = this.#oldest
    this.#oldest = this.#entryFrom(1)
    this.#size--
    if (this.#holders[entry] === FORGOTTEN) return
    this.#free(this.#slotOf(entry))
    if (this.#holders[entry] === HANDLED && this.#until[entry]! > now) this.#onLost()
  }

  /** Moves an entry to a place that is free. */
  #move(from: number, to: number): void {
    if (from === to) return
    this.#fingerprints.copyWithin(to * 4, from * 4, from * 4 + 4)
    this.#until[to] = this.#until[from]!
    this.#holders[to] = this.#holders[from]!
    if (this.#holders[to] === FORGOTTEN) return
    const slot = this.#slotOf(from)
    this.#index[slot] = this.#index[slot]! - from + to
  }

  /** Returns the entry so many places behind the oldest. */
  #entryFrom(places: number): number {
    const entry = this.#oldest + places
    return entry < this.#until.length ? entry : entry - this.#until.length
  }

  /** Resizes a full ring, and rotates it so that the oldest entry comes first. */
  #resize(capacity: number): void {
    this.#fingerprints = turned(this.#fingerprints, this.#oldest * 4, new Int32Array(capacity * 4))
    this.#until = turned(this.#until, this.#oldest, new Float64Array(capacity))
    this.#holders = turned(this.#holders, this.#oldest, new Int32Array(capacity))
    this.#oldest = 0
    this.#index = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2))).fill(NONE)
    this.#entryBits = Math.min(Math.ceil(Math.log2(Math.max(capacity, this.#maxKeys))), MOST_ENTRY_BITS)
    this.#farthest = 2 ** (31 - this.#entryBits) - 1
    for (let entry = 0; entry < this.#size; entry++) if (this.#holders[entry] !== FORGOTTEN) this.#enter(entry)
  }

  #write(entry: number, { a, b, c, d }: Fingerprint): void {
    const words = this.#fingerprints
    const at = entry * 4
    words[at] = a
    words[at + 1] = b
    words[at + 2] = c
    words[at + 3] = d
  }

  #is(entry: number, { a, b, c, d }: Fingerprint): boolean {
    const words = this.#fingerprints
    const at = entry * 4
    return words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d
  }

  /** Puts an entry into the first free slot of its search. */
  #enter(entry: number): void {
    const mask = this.#index.length - 1
    let slot = this.#fingerprints[entry * 4]! & mask
    let distance = 0
    for (; this.#index[slot] !== NONE; distance++) slot = (slot + 1) & mask
    this.#index[slot] = this.#slotValue(entry, distance)
  }

  /** Returns the slot of an entry that the index has. */
  #slotOf(entry: number): number {
    const mask = this.#index.length - 1
    let slot = this.#fingerprints[entry * 4]! & mask
    while (this.#entryIn(slot) !== entry) slot = (slot + 1) & mask
    return slot
  }

  #entryIn(slot: number): number {
    return this.#index[slot]! & ((1 << this.#entryBits) - 1)
  }

  #distanceOf(slot: number): number {
    const distance = this.#index[slot]! >>> this.#entryBits
    if (distance < this.#farthest) return distance
    return (slot - this.#fingerprints[this.#entryIn(slot) * 4]!) & (this.#index.length - 1)
  }

  #slotValue(entry: number, distance: number): number {
    return (Math.min(distance, this.#farthest) << this.#entryBits) | entry
  }

  /** Empties a slot. The slots behind it move up, because a search ends at the first free slot. */
  #free(slot: number): void {
    const index = this.#index
    const mask = index.length - 1
    let gap = slot
    for (let next = (gap + 1) & mask; index[next] !== NONE; next = (next + 1) & mask) {
      const distance = this.#distanceOf(next)
      const moved = (next - gap) & mask
      if (distance < moved) continue
      index[gap] = this.#slotValue(this.#entryIn(next), distance - moved)
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
