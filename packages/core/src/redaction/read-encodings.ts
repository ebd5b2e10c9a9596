import { addUtf8, type SpelledBytes } from './read-utf8.js'
import { type TextView, ViewBuilder } from './text-view.js'

/** Shorter runs hold nothing that would be looked for. Base64 may be wrapped into lines. */
const BASE64_RUN = /[\w+/-](?:[\w+/-]|\r?\n){4,}[\w+/-]/g
const HEX_RUN = /[0-9a-f]{2}(?:[\s:,-]?\s?(?:0x)?[0-9a-f]{2}){3,}[0-9a-f]?/gi
const DECIMAL_RUN = /\d{1,3}(?:,\s{0,20}(?:"\d{1,9}":\s?)?\d{1,3})*/g
/** Four bytes. */
const SHORTEST_DECIMALS = '1,1,1,1'.length

/** Yields what the runs of base64, of hex digits and of decimal bytes in a view stand for, as UTF-8. */
export function* readEncodings(view: TextView): Iterable<TextView> {
  for (const { 0: run, index } of view.text.matchAll(BASE64_RUN)) yield* readDigits(view, index, run, BASE64)
  for (const { 0: run, index } of view.text.matchAll(HEX_RUN)) {
    // The 0 of 0x is no digit of a byte.
    yield* readDigits(view, index, run.replace(/0x/gi, '  '), HEX)
  }
  for (const { 0: run, index } of view.text.matchAll(DECIMAL_RUN)) {
    if (run.length >= SHORTEST_DECIMALS) yield readDecimals(view, index, run)
  }
}

/** Digits that stand for bits. */
interface Digits {
  readonly bits: number
  /** The value of each character by its code; -1 for one that is no digit. */
  readonly values: Int8Array
}

const BASE64 = digits(6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', '-_')
const HEX = digits(4, '0123456789abcdef', '0123456789ABCDEF')

/** `others` are further digits for the last values. */
function digits(bits: number, all: string, others: string): Digits {
  const values = new Int8Array(0x80).fill(-1)
  for (let value = 0; value < all.length; value++) values[all.charCodeAt(value)] = value
  for (let at = 0; at < others.length; at++) values[others.charCodeAt(at)] = all.length - others.length + at
  return { bits, values }
}

/** A word may be glued to the front of a run, so its bytes may begin at any digit of the first few. */
function* readDigits(view: TextView, index: number, run: string, { bits, values }: Digits): Iterable<TextView> {
  const read: number[] = []
  const places: number[] = []
  for (let at = 0; at < run.length; at++) {
    const value = values[run.charCodeAt(at)] ?? -1
    if (value < 0) continue
    read.push(value)
    places.push(index + at)
  }
  for (let skipped = 0; skipped < DIGITS_PER_GROUP[bits]!; skipped++)
    yield readBytes(view, { read, places, bits, skipped })
}

/** After how many digits a byte begins with a digit again. */
const DIGITS_PER_GROUP: Readonly<Record<number, number>> = { 6: 4, 4: 2 }

interface ReadDigits {
  readonly read: readonly number[]
  readonly places: readonly number[]
  readonly bits: number
  readonly skipped: number
}

function readBytes(view: TextView, { read, places, bits, skipped }: ReadDigits): TextView {
  const spelled: SpelledBytes = { bytes: [], from: [], to: [] }
  let kept = 0
  let keptBits = 0
  for (let at = skipped; at < read.length; at++) {
    kept = ((kept << bits) | read[at]!) & 0xfff
    keptBits += bits
    if (keptBits < 8) continue
    keptBits -= 8
    const first = at - Math.ceil((8 + keptBits) / bits) + 1
    spelled.bytes.push((kept >> keptBits) & 0xff)
    spelled.from.push(view.from[places[first]!]!)
    spelled.to.push(view.to[places[at]!]!)
  }
  return asText(spelled)
}

function readDecimals(view: TextView, index: number, run: string): TextView {
  const spelled: SpelledBytes = { bytes: [], from: [], to: [] }
  for (const { 0: number, 1: isName, index: at } of run.matchAll(/\d{1,9}("?)/g)) {
    if (isName !== '') continue
    spelled.bytes.push(Number(number) & 0xff)
    spelled.from.push(view.from[index + at]!)
    spelled.to.push(view.to[index + at + number.length - 1]!)
  }
  return asText(spelled)
}

function asText(spelled: SpelledBytes): TextView {
  const view = new ViewBuilder()
  addUtf8(view, spelled)
  return view
}
