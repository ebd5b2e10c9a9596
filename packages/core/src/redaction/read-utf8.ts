import type { ViewBuilder } from './text-view.js'

/** Bytes, each with the part of a text that it stands for. */
export interface SpelledBytes {
  readonly bytes: number[]
  readonly from: number[]
  readonly to: number[]
}

/** Adds bytes to a view as UTF-8. A byte that is none becomes the character of Latin-1. */
export function addUtf8(view: ViewBuilder, { bytes, from, to }: SpelledBytes): void {
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    const last = at + length - 1
    view.add(String.fromCodePoint(codePoint(bytes, at, length)), from[at]!, to[last]!)
    at += length
  }
}

/** Returns how many bytes the character at this place has, 1 for a byte that begins none. */
function sequenceLength(bytes: readonly number[], at: number): number {
  const first = bytes[at]!
  if (first < 0xc2 || first >= 0xf5) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  // Behind the end there is no byte, and so none that goes on.
  for (let next = at + 1; next < at + length; next++) {
    if ((bytes[next]! & 0xc0) !== 0x80) return 1
  }
  return codePoint(bytes, at, length) > 0x10ffff ? 1 : length
}

function codePoint(bytes: readonly number[], at: number, length: number): number {
  if (length === 1) return bytes[at]!
  let point = bytes[at]! & (0x7f >> length)
  for (let next = at + 1; next < at + length; next++) point = (point << 6) | (bytes[next]! & 0x3f)
  return point
}
