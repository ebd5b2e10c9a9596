import { foldText } from './fold-text.js'
import { readEncodings } from './read-encodings.js'
import { partsOfSecret } from './secret-parts.js'
import { type Range, SHORTEST, TextIndex } from './text-index.js'
import { plainView, type TextView } from './text-view.js'
import { undoEscapes } from './undo-escapes.js'

/** Nobody reads more of a message, and the rest is left out. */
const MAX_TEXT = 50_000

/** With more secrets than this, texts are left out instead of searched. */
const MAX_SECRETS_LENGTH = 2_000_000

/** Escapes within escapes, such as JSON in JSON in a URL. */
const MAX_LAYERS = 6

/** Encodings within encodings, such as the base64 of a form that quotes the base64 of a password. */
const MAX_ENCODINGS = 2

/** Cuts secrets out of a text, of which it reads at most `limit` characters. */
export type SecretCutter = (text: string, limit?: number) => string

/**
 * Returns a function that cuts secrets out of texts, such as error messages and answers, and puts `mark` in their place.
 *
 * It finds a secret as it is, in other case, without its white space, hyphens and quotes, with the escapes of URLs, forms,
 * JSON, HTML and programming languages, in base64, base64url, hex and lists of bytes, also as a part of what was encoded,
 * and all of these within each other. It finds no hashes of a secret and no parts of it, except the password and the
 * parameters of a URL. Secrets shorter than 4 characters stay, because they would be found everywhere.
 *
 * The time grows with the length of the text. Of a text longer than 50,000 characters, or than `limit`, the rest is left out. If the
 * secrets have more than 2,000,000 characters, only `mark` remains of a text.
 *
 * @example
 * const cut = secretCutter(['hunter 2'])
 * cut('POST /login?p=hunter+2 failed') // 'POST /login?p=[redacted] failed'
 */
export function secretCutter(secrets: readonly string[], mark = '[redacted]'): SecretCutter {
  if (secrets.reduce((length, secret) => length + secret.length, 0) > MAX_SECRETS_LENGTH) return () => mark
  const wanted = secrets.flatMap(partsOfSecret).filter((secret) => secret.length >= SHORTEST)
  if (wanted.length === 0) return (text, limit = MAX_TEXT) => text.slice(0, limit)
  const folded = new Set<string>()
  const verbatim = new Set<string>()
  for (const secret of wanted) {
    const spellings = spellingsOf(secret)
    for (const spelling of spellings) folded.add(spelling)
    if (spellings.length === 0) verbatim.add(secret)
  }
  const search = { folded: new TextIndex(folded), verbatim: new TextIndex(verbatim) }
  return (text, limit = MAX_TEXT) => cut(text, limit, search, mark)
}

/** Returns a secret folded, with its own escapes and without them. */
function spellingsOf(secret: string): string[] {
  // Most are plain, and a payload may hold thousands.
  if (/^[A-Za-z0-9]+$/.test(secret)) return [secret.toLowerCase()]
  return [...layersOf(plainView(secret))].map((layer) => foldText(layer).text).filter((text) => text.length >= SHORTEST)
}

interface Search {
  readonly folded: TextIndex
  /** Secrets of which folding leaves nothing. */
  readonly verbatim: TextIndex
}

function cut(text: string, limit: number, { folded, verbatim }: Search, mark: string): string {
  const view = plainView(text.slice(0, limit))
  const isCut = text.length > limit
  const found = [...verbatim.find(view.text, isCut)]
  for (const reading of readingsOf(view, MAX_ENCODINGS)) {
    const { text: readable, from, to } = foldText(reading)
    for (const { start, end } of folded.find(readable, isCut)) found.push({ start: from[start]!, end: to[end - 1]! })
  }
  return replace(view.text, found, mark)
}

/** Yields what a text may stand for: with fewer and fewer escapes, and what is encoded in it. */
function* readingsOf(view: TextView, encodings: number): Iterable<TextView> {
  for (const layer of layersOf(view)) {
    yield layer
    if (encodings === 0) continue
    for (const decoded of readEncodings(layer)) yield* readingsOf(decoded, encodings - 1)
  }
}

function* layersOf(view: TextView): Iterable<TextView> {
  let layer = view
  for (let count = 0; count < MAX_LAYERS; count++) {
    yield layer
    const next = undoEscapes(layer)
    if (next === layer) return
    layer = next
  }
}

function replace(text: string, ranges: readonly Range[], mark: string): string {
  let result = ''
  let end = 0
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    if (range.start > end || (range.start === 0 && end === 0)) result += text.slice(end, range.start) + mark
    end = Math.max(end, range.end)
  }
  return result + text.slice(end)
}
