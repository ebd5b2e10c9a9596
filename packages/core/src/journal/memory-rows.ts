import type { RowQuery } from './journal-store.js'
import type { MemoryEntry } from './memory-entry.js'

interface Position {
  readonly at: number
  readonly hash: string
}

/** The entries of a journal in memory, in the order of their receipt. */
export class MemoryRows {
  readonly #byHash = new Map<string, MemoryEntry>()
  /** The newest entry of each key. */
  readonly #newest = new Map<string, MemoryEntry>()
  /** The oldest first; those of one moment by their hashes. */
  readonly #inOrder: MemoryEntry[] = []
  #bytes = 0

  get size(): number {
    return this.#byHash.size
  }

  /** The size of all bodies and headers. */
  get bytes(): number {
    return this.#bytes
  }

  get(hash: string): MemoryEntry | undefined {
    return this.#byHash.get(hash)
  }

  newestOf(keyHash: string): MemoryEntry | undefined {
    return this.#newest.get(keyHash)
  }

  /** The oldest first. */
  all(): readonly MemoryEntry[] {
    return this.#inOrder
  }

  /** Adds an entry, in the place of an erased one of the same hash. */
  add(entry: MemoryEntry): void {
    const { hash, keyHash } = entry.given
    const erased = this.#byHash.get(hash)
    if (erased !== undefined) this.#remove(erased)
    this.#byHash.set(hash, entry)
    this.#newest.set(keyHash, entry)
    this.#inOrder.splice(this.#indexAfter(positionOf(entry)), 0, entry)
    this.#bytes += entry.bytes
  }

  delete(entry: MemoryEntry): void {
    this.#remove(entry)
    const { keyHash, generation } = entry.given
    if (this.#newest.get(keyHash) !== entry) return
    this.#newest.delete(keyHash)
    if (generation === 0) return
    // An earlier one may still be there, because it is queued.
    const before = this.#inOrder.findLast(({ given }) => given.keyHash === keyHash)
    if (before !== undefined) this.#newest.set(keyHash, before)
  }

  /** Returns the entries of a query that are wanted, beginning behind `after`. */
  page({ order, after, limit }: RowQuery, isWanted: (entry: MemoryEntry) => boolean): MemoryEntry[] {
    const found: MemoryEntry[] = []
    const isNewest = order === 'newest'
    const step = isNewest ? -1 : 1
    for (let at = this.#start(isNewest, after); found.length < limit; at += step) {
      const entry = this.#inOrder[at]
      if (entry === undefined) break
      if (isWanted(entry)) found.push(entry)
    }
    return found
  }

  #start(isNewest: boolean, after: Position | undefined): number {
    if (after === undefined) return isNewest ? this.#inOrder.length - 1 : 0
    if (!isNewest) return this.#indexAfter(after)
    let index = this.#indexAfter(after) - 1
    // That entry itself may be gone.
    if (index >= 0 && compare(positionOf(this.#inOrder[index]!), after) === 0) index--
    return index
  }

  #remove(entry: MemoryEntry): void {
    const index = this.#indexAfter(positionOf(entry)) - 1
    if (this.#inOrder[index] === entry) {
      // A full journal drops its oldest for each delivery, and `splice` makes a list of it.
      if (index === 0) this.#inOrder.shift()
      else this.#inOrder.splice(index, 1)
    }
    this.#byHash.delete(entry.given.hash)
    this.#bytes -= entry.bytes
  }

  /** The index of the first entry behind a position. */
  #indexAfter(position: Position): number {
    const newest = this.#inOrder.at(-1)
    // As nearly always: a new entry is the newest.
    if (newest === undefined || newest.firstReceivedAt < position.at) return this.#inOrder.length
    let [low, high] = [0, this.#inOrder.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(positionOf(this.#inOrder[middle]!), position) > 0) high = middle
      else low = middle + 1
    }
    return low
  }
}

const positionOf = ({ firstReceivedAt, given }: MemoryEntry): Position => ({ at: firstReceivedAt, hash: given.hash })

const compare = (one: Position, other: Position) =>
  one.at - other.at || (one.hash < other.hash ? -1 : Number(one.hash > other.hash))
