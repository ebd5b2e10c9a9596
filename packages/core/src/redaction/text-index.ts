/** Of a longer text only the beginning is compared; where that stands, all of it is taken to stand. */
const COMPARED = 256

/** Texts begin with at least so many characters, by which most places are passed over. */
export const SHORTEST = 4

/** A part of a text. */
export interface Range {
  readonly start: number
  readonly end: number
}

/**
 * Many texts, to be found in another one in time that grows with the other's length, however many they are. It finds the
 * longest one at each place.
 */
export class TextIndex {
  /** The beginnings of the texts, in order. */
  readonly #beginnings: readonly string[]
  /** How long the text behind each beginning is. */
  readonly #lengths: readonly number[]
  /** For each beginning, the longest other one that it begins with; -1 where there is none. */
  readonly #shorter: Int32Array
  /** Marks the first characters of the texts. */
  readonly #starts = new Uint8Array(0x10000)

  /** Each text has at least `SHORTEST` characters. */
  constructor(texts: Iterable<string>) {
    const lengths = new Map<string, number>()
    for (const text of texts) {
      const beginning = text.slice(0, COMPARED)
      lengths.set(beginning, Math.max(text.length, lengths.get(beginning) ?? 0))
    }
    this.#beginnings = [...lengths.keys()].sort(byUnits)
    this.#lengths = this.#beginnings.map((beginning) => lengths.get(beginning)!)
    this.#shorter = shorterOnes(this.#beginnings)
    for (const beginning of this.#beginnings) this.#starts[hashAt(beginning, 0)] = 1
  }

  /** Yields where one of the texts stands; with `isCut` also where one may have stood before the end was cut off. */
  *find(text: string, isCut: boolean): Iterable<Range> {
    for (let start = 0; start + SHORTEST <= text.length; start++) {
      if (this.#starts[hashAt(text, start)] === 0) continue
      const rest = text.slice(start, start + COMPARED)
      const following = this.#countUpTo(rest)
      const length = this.#longestIn(rest, following - 1)
      if (isCut && this.#beginnings[following]?.startsWith(rest)) yield { start, end: text.length }
      else if (length > 0) yield { start, end: Math.min(start + length, text.length) }
    }
  }

  /** Returns the length of the longest text that this one begins with, or 0. `last` is the last not behind it in order. */
  #longestIn(rest: string, last: number): number {
    // Between a text and another one that begins with it, all begin with it: what it begins with, its neighbour does, too.
    const shared = countShared(rest, this.#beginnings[last] ?? '')
    let at = last
    while (at >= 0 && this.#beginnings[at]!.length > shared) at = this.#shorter[at]!
    return this.#lengths[at] ?? 0
  }

  /** Returns how many beginnings are not behind this text in order. */
  #countUpTo(rest: string): number {
    let low = 0
    let high = this.#beginnings.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#beginnings[middle]! <= rest) low = middle + 1
      else high = middle
    }
    return low
  }
}

const byUnits = (a: string, b: string) => (a < b ? -1 : Number(a > b))

/** Returns how many characters two texts begin with alike. */
function countShared(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1
  return at
}

function shorterOnes(sorted: readonly string[]): Int32Array {
  const shorter = new Int32Array(sorted.length).fill(-1)
  const open: number[] = []
  for (let at = 0; at < sorted.length; at++) {
    while (open.length > 0 && !sorted[at]!.startsWith(sorted[open.at(-1)!]!)) open.pop()
    shorter[at] = open.at(-1) ?? -1
    open.push(at)
  }
  return shorter
}

function hashAt(text: string, at: number): number {
  const [a, b] = [text.charCodeAt(at), text.charCodeAt(at + 1)]
  const [c, d] = [text.charCodeAt(at + 2), text.charCodeAt(at + 3)]
  return (a ^ (b << 5) ^ (c << 9) ^ (d << 2) ^ (d << 12)) & 0xffff
}
