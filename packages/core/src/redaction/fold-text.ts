import { type TextView, ViewBuilder } from './text-view.js'

/** Marks characters that are left out. */
const LEFT_OUT = ''

/**
 * Returns the view without what differs between the spellings of one text: case, accents, white space and `+` for it,
 * hyphens, quotes, backslashes, and characters that cannot be seen.
 */
export function foldText(view: TextView): TextView {
  const { text } = view
  const folded = new ViewBuilder()
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at)
    const length = unit >= 0xd800 && unit < 0xdc00 && at + 1 < text.length ? 2 : 1
    const character = unit < 0x80 ? ASCII[unit]! : foldOther(text.slice(at, at + length))
    if (character !== LEFT_OUT) folded.add(character, view.from[at]!, view.to[at + length - 1]!)
    at += length
  }
  return folded
}

const ASCII: readonly string[] = Array.from({ length: 0x80 }, (_, unit) => {
  const character = String.fromCharCode(unit)
  return /[\s+\-"'`\\\p{Cc}]/u.test(character) ? LEFT_OUT : character.toLowerCase()
})

const foldOther = (character: string) =>
  character
    .normalize('NFKD')
    .replace(/[\p{M}\p{Z}\p{Cc}\p{Cf}\p{Pd}\p{Pi}\p{Pf}]/gu, '')
    .toLowerCase()
