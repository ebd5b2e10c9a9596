import { isUtf8 } from 'node:buffer'
import type { BodyView } from '../api.js'
import { type FoundCredential, findCredentials, findInForm } from './find-credentials.js'

export const MASK = '••••••'
const HEX_MASK = '••'

/** Nobody reads more, and the page would be slow. */
const MAX_TEXT_BYTES = 256_000
const MAX_HEX_BYTES = 16_000

/** Shorter ones would be found everywhere. */
const SHORTEST = 4

/** So many characters are looked through for copies: a sender chooses how many credentials there are. */
const MAX_SEARCHED = 300_000_000

interface Range {
  readonly start: number
  readonly end: number
}

export interface BodyTerms {
  /** More names of fields that hold credentials. */
  readonly also: readonly string[]
  readonly isForm: boolean
  readonly signed: BodyView['signed']
}

/** Shows a body without its credentials. */
export function viewBody(body: Uint8Array, { also, isForm, signed }: BodyTerms): BodyView {
  const text = textOf(body)
  // Latin-1 has a character for each byte, so that what is no UTF-8 is masked, too.
  const readable = text ?? Buffer.from(body).toString('latin1')
  const credentials = credentialsOf(readable, also, isForm)
  const ranges = withCopies(readable, credentials)
  const shown = beginning(readable, MAX_TEXT_BYTES)
  return {
    size: body.length,
    ...(text !== undefined && { text: masked(shown, ranges) }),
    hex: hexOf(body, text === undefined ? ranges : inBytes(readable, ranges)),
    isCut: shown.length < readable.length,
    signed,
    credentials: credentials.map(({ path }) => path),
  }
}

/** Returns the text of a credential, or undefined if there is none at this path. */
export function revealInBody(
  body: Uint8Array,
  path: string,
  { also, isForm }: Pick<BodyTerms, 'also' | 'isForm'>,
): string | undefined {
  const text = textOf(body) ?? Buffer.from(body).toString('latin1')
  const found = credentialsOf(text, also, isForm).find((credential) => credential.path === path)
  return found && text.slice(found.start, found.end)
}

/** Returns a body's text with each credential replaced by what `replace` makes of it. Undefined if it is not UTF-8. */
export function replaceCredentials(
  body: Uint8Array,
  { also, isForm }: Pick<BodyTerms, 'also' | 'isForm'>,
  replace: (original: string) => string,
): string | undefined {
  const text = textOf(body)
  if (text === undefined) return undefined
  let [result, end] = ['', 0]
  for (const range of withCopies(text, credentialsOf(text, also, isForm))) {
    result += text.slice(end, range.start) + replace(text.slice(range.start, range.end))
    end = range.end
  }
  return result + text.slice(end)
}

const credentialsOf = (text: string, also: readonly string[], isForm: boolean): readonly FoundCredential[] =>
  isForm ? findInForm(text, also) : findCredentials(text, also)

function textOf(body: Uint8Array): string | undefined {
  return isUtf8(body) ? Buffer.from(body).toString('utf8') : undefined
}

function beginning(text: string, bytes: number): string {
  // At most four bytes a character, so that most texts are not measured.
  if (text.length * 4 <= bytes || Buffer.byteLength(text) <= bytes) return text
  // A character that is cut off is replaced, by one character for each of its bytes.
  let whole = Buffer.from(text).subarray(0, bytes).toString('utf8')
  while (whole.endsWith('\uFFFD')) whole = whole.slice(0, -1)
  return whole
}

/** The credentials, and where else their texts stand: a mail often repeats a password. In order, without overlaps. */
function withCopies(text: string, found: readonly FoundCredential[]): readonly FoundCredential[] {
  const all: FoundCredential[] = [...found]
  const values = new Map(found.map((credential) => [text.slice(credential.start, credential.end), credential.path]))
  let searched = 0
  for (const [value, path] of values) {
    if (value.length < SHORTEST) continue
    searched += text.length
    if (searched > MAX_SEARCHED) break
    for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
      all.push({ path, start: at, end: at + value.length })
    }
  }
  all.sort((one, other) => one.start - other.start || other.end - one.end)
  const kept: FoundCredential[] = []
  for (const range of all) if (range.start >= (kept.at(-1)?.end ?? 0)) kept.push(range)
  return kept
}

function masked(text: string, ranges: readonly Range[]): string {
  let [result, end] = ['', 0]
  for (const range of ranges) {
    if (range.start >= text.length) break
    result += text.slice(end, range.start) + MASK
    end = range.end
  }
  return result + text.slice(end)
}

function inBytes(text: string, ranges: readonly Range[]): Range[] {
  let [characters, bytes] = [0, 0]
  const offsetOf = (at: number) => {
    bytes += Buffer.byteLength(text.slice(characters, at))
    characters = at
    return bytes
  }
  return ranges.map(({ start, end }) => ({ start: offsetOf(start), end: offsetOf(end) }))
}

function hexOf(body: Uint8Array, ranges: readonly Range[]): string {
  const pairs: string[] = []
  let next = 0
  for (let at = 0; at < Math.min(body.length, MAX_HEX_BYTES); at++) {
    while (next < ranges.length && ranges[next]!.end <= at) next++
    const isHidden = next < ranges.length && ranges[next]!.start <= at
    pairs.push(isHidden ? HEX_MASK : body[at]!.toString(16).padStart(2, '0'))
  }
  return pairs.join(' ')
}
