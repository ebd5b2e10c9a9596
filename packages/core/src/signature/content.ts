import type { JsonObject } from '../request/parse-json.js'
import type { HeaderReader } from '../request/webhook-request.js'
import type { SignedContent } from './algorithms.js'
import type { Trust } from './trust.js'

/**
 * A part of what is signed: the id, the time, the raw body, a text that is the same for all, or a field of the body (a path
 * with dots, e.g. `signature.token`).
 */
export type ContentPart = 'id' | 'time' | 'body' | { readonly text: string } | { readonly field: string }

/** What a signature may cover of a request, as it came. */
export interface SignedTexts {
  readonly id: string | undefined
  readonly time: string | undefined
  readonly headers: HeaderReader
}

/** Derives what a signature over these parts proves. */
export function trustOf(parts: readonly ContentPart[]): Trust {
  if (!parts.includes('body')) return 'sender'
  return parts.includes('time') ? 'body+timestamp' : 'body'
}

/** Names the parts, e.g. `id.time.body`. */
export const nameOf = (parts: readonly ContentPart[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : 'text' in part ? part.text : part.field)).join('')

/** Makes what is signed of a request; undefined where a part is missing, or could be read in two ways. */
export type ContentMaker = (
  texts: SignedTexts,
  body: Uint8Array,
  payload: () => JsonObject | undefined,
) => SignedContent | undefined

const NO_BODY = new Uint8Array()

const isText = (part: ContentPart | undefined): part is { readonly text: string } =>
  typeof part === 'object' && 'text' in part

/**
 * Prepares the making of what is signed. Throws a `TypeError` for parts that would let one signature fit two requests, or
 * that are the same in each request.
 */
export function contentMaker(label: string, parts: readonly ContentPart[]): ContentMaker {
  checkParts(label, parts)
  const writers = parts.flatMap((part, index) => (part === 'body' ? [] : [writerOf(part, parts[index + 1])]))
  const hasBody = parts.includes('body')
  return (texts, body, payload) => {
    let before = ''
    for (const write of writers) {
      const written = write(texts, payload)
      if (written === undefined) return undefined
      before += written
    }
    return { before, body: hasBody ? body : NO_BODY }
  }
}

function checkParts(label: string, parts: readonly ContentPart[]): void {
  if (parts.every(isText) || (parts.includes('id') && parts.every((part) => part === 'id' || isText(part)))) {
    throw new TypeError(
      `${label}: content must have 'body', 'time' or a field: what is signed is the same for each event`,
    )
  }
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1]
    if (parts.indexOf(part) < index && typeof part === 'string')
      throw new TypeError(`${label}: content has ${part} twice`)
    if (isText(part) && part.text === '') throw new TypeError(`${label}: content has an empty text`)
    if (part === 'body' && next !== undefined) throw new TypeError(`${label}: in content 'body' must be the last part`)
    const needsEnd = part === 'id' || (typeof part === 'object' && 'field' in part)
    if (needsEnd && next !== undefined && !isText(next)) {
      const name = part === 'id' ? part : part.field
      throw new TypeError(`${label}: in content a { text } must follow ${name}, or one signature fits two requests`)
    }
  }
}

type Writer = (texts: SignedTexts, payload: () => JsonObject | undefined) => string | undefined

function writerOf(part: ContentPart, next: ContentPart | undefined): Writer {
  // Where the next text begins, a part must have ended: so it must not hold that character.
  const end = isText(next) ? next.text.slice(0, 1) : ''
  const ended = (text: string | undefined) =>
    text === undefined || (end !== '' && text.includes(end)) ? undefined : utf8(text)

  if (isText(part)) {
    const text = utf8(part.text)
    return () => text
  }
  if (part === 'id') return ({ id }) => (id !== undefined && isId(id) ? ended(id) : undefined)
  if (part === 'time') return timeWriter(next, end)
  const path = (part as { readonly field: string }).field.split('.')
  return (_texts, payload) => ended(textAt(payload(), path))
}

/** Digits that end where other digits may begin must always be as many. */
function timeWriter(next: ContentPart | undefined, end: string): Writer {
  const isDelimited = next === undefined || (end !== '' && !/\d/.test(end))
  return ({ time }) => {
    if (time === undefined || !isLatin1(time)) return undefined
    const isVague = !isDelimited && /^\d+$/.test(time) && time.length !== 10 && time.length !== 13
    return isVague ? undefined : time
  }
}

/** Visible ASCII, as no sender needs more and no text is longer. */
const isId = (id: string) => /^[\x21-\x7e]{1,255}$/.test(id)

/** One character for each byte, as header texts have them. */
const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

/** The text in a field, or the digits of a whole number; undefined for anything else. */
export function textAt(payload: JsonObject | undefined, path: readonly string[]): string | undefined {
  let value: unknown = payload
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as JsonObject)[name]
  }
  if (typeof value === 'string') return value
  return Number.isSafeInteger(value) ? String(value) : undefined
}

/** Header values are bytes. An adapter of one's own may hand over other texts. V8 searches no text of bytes for others. */
export const isLatin1 = (text: string) => !/[^\0-\xff]/.test(text)
