import { addUtf8, type SpelledBytes } from './read-utf8.js'
import { type TextView, ViewBuilder } from './text-view.js'

/**
 * Escapes of URLs and forms, of JSON and programming languages, of HTML, and the commands by which a terminal is coloured.
 * All of them at once, because they stand in each other.
 */
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: commands of a terminal begin with one
  /%([0-9a-f]{2})|\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|\\([0-7]{3})|\\(.)|&#x([0-9a-f]{1,6});|&#(\d{1,7});|&(amp|lt|gt|quot|apos|nbsp);|\x1b\[[0-?]{0,32}[@-~]/gis

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** Returns the view with one layer of escapes undone, or the same view if it has none. */
export function undoEscapes(view: TextView): TextView {
  const { text } = view
  const undone = new ViewBuilder()
  let bytes: SpelledBytes = { bytes: [], from: [], to: [] }
  let end = 0
  for (const match of text.matchAll(ESCAPE)) {
    const start = match.index
    if (start > end || byteOf(match) === undefined) bytes = flush(undone, bytes)
    undone.copy(view, end, start)
    end = start + match[0].length
    const from = view.from[start]!
    const to = view.to[end - 1]!
    const byte = byteOf(match)
    if (byte === undefined) undone.add(characterOf(match), from, to)
    else push(bytes, byte, from, to)
  }
  if (end === 0) return view
  flush(undone, bytes)
  undone.copy(view, end, text.length)
  return undone
}

function push({ bytes, from, to }: SpelledBytes, byte: number, start: number, end: number): void {
  bytes.push(byte)
  from.push(start)
  to.push(end)
}

/** Several bytes may be one character. */
function flush(view: ViewBuilder, bytes: SpelledBytes): SpelledBytes {
  if (bytes.bytes.length === 0) return bytes
  addUtf8(view, bytes)
  return { bytes: [], from: [], to: [] }
}

/** Undefined for an escape that names a character. */
function byteOf([, percent, hex, , , octal]: RegExpMatchArray): number | undefined {
  if (percent !== undefined || hex !== undefined) return Number.parseInt((percent ?? hex)!, 16)
  return octal === undefined ? undefined : Number.parseInt(octal, 8) & 0xff
}

function characterOf([, , , unit, point, , character, hex, decimal, name]: RegExpMatchArray): string {
  const inHex = unit ?? point ?? hex
  if (inHex !== undefined) return fromPoint(Number.parseInt(inHex, 16))
  if (decimal !== undefined) return fromPoint(Number(decimal))
  if (character !== undefined) return /[nrtbfv0]/.test(character) ? ' ' : character
  return name === undefined ? '' : (NAMED[name.toLowerCase()] ?? '')
}

const fromPoint = (point: number) => (point > 0x10ffff ? '' : String.fromCodePoint(point))
