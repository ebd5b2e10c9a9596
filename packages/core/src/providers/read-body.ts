import { bodyInvalid } from '../errors.js'
import { isJsonObject, type JsonObject, parseJson, parseJsonValue } from '../request/parse-json.js'
import type { BodyFormat, ParsedBody } from './provider.js'

/** Parses a body as an object. Throws `body_invalid` for anything else, without quoting it. */
export function readObject(body: Uint8Array, format: BodyFormat): JsonObject {
  return isForm(body, format) ? parseForm(body) : parseJson(body)
}

/**
 * Parses a body. The event of a form, and each of a list, gets JSON of its own in place of the body. An item that is no
 * object becomes `{ item }`, of which no schema knows anything: refusing it would hold up the others for ever.
 */
export function parseBody(body: Uint8Array, format: BodyFormat, list: true | string | undefined): ParsedBody {
  if (list !== undefined) return { items: readList(body, list).map(eventOf) }
  const payload = readObject(body, format)
  return { payload, body: isForm(body, format) ? jsonOf(payload) : body }
}

function eventOf(item: unknown) {
  const payload = isJsonObject(item) ? item : { item }
  return { payload, body: jsonOf(payload) }
}

function jsonOf(payload: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(payload))
  } catch {
    // Of what was parsed nothing else fails.
    throw bodyInvalid('An event of the body is nested too deeply.')
  }
}

const isForm = (body: Uint8Array, format: BodyFormat) =>
  format === 'form' || (format === 'json-or-form' && !/^\s*\{/.test(beginningOf(body)))

/** More than any sender puts into one request. */
const MAX_ITEMS = 10_000

/** Parses a body as a list of events: the body itself, or what stands in it at a path. Throws `body_invalid`. */
export function readList(body: Uint8Array, list: true | string): readonly unknown[] {
  let value = parseJsonValue(body)
  for (const name of list === true ? [] : list.split('.')) {
    value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  }
  if (!Array.isArray(value)) throw bodyInvalid('The body has no list of events where it should have one.')
  if (value.length > MAX_ITEMS) throw bodyInvalid(`The body has more than ${MAX_ITEMS} events.`)
  return value
}

const MAX_FIELDS = 10_000

const beginningOf = (body: Uint8Array) =>
  Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 64)).toString('latin1')

/** `URLSearchParams` replaces what it cannot decode, so that different ids would become one. */
function isUtf8(form: string): boolean {
  try {
    // It decodes each escaped byte that forms may have, and throws for what is not UTF-8.
    decodeURIComponent(form.replace(/%(?![0-9a-f]{2})/gi, '%25'))
    return true
  } catch {
    return false
  }
}

/** The fields of a form, each once: of two, another parser may take the other. */
function parseForm(body: Uint8Array): JsonObject {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  // Other bytes must be escaped in a form.
  if (!/^[\x21-\x7e]*$/.test(text)) throw bodyInvalid('The body is not a form.')
  if (text.split('&', MAX_FIELDS + 1).length > MAX_FIELDS)
    throw bodyInvalid(`The form has more than ${MAX_FIELDS} fields.`)
  const fields = new Map<string, string>()
  if (!isUtf8(text)) throw bodyInvalid('The form has escaped bytes that are not UTF-8.')
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === '__proto__') throw bodyInvalid('The form has a field named __proto__.')
    if (fields.has(name)) throw bodyInvalid('The form has a field twice.')
    fields.set(name, value)
  }
  if (fields.size === 0) throw bodyInvalid('The form is empty.')
  return Object.fromEntries(fields)
}
