import { isAscii, isUtf8 } from 'node:buffer'
import { bodyInvalid } from '../errors.js'

/** A parsed JSON object with unknown fields. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Returns the JSON object in a verified body. Throws `body_invalid` for anything else, without quoting it. */
export function parseJson(body: Uint8Array): JsonObject {
  const value = parseJsonValue(body)
  if (!isJsonObject(value)) throw bodyInvalid('The body is JSON, but not an object.')
  return value
}

/** Returns the JSON in a body, of any kind. Throws `body_invalid` if it is none, without quoting it. */
export function parseJsonValue(body: Uint8Array): unknown {
  const text = decode(body)
  const value = parse(text)
  const isNested = typeof value === 'object' && value !== null
  if (isNested && mayNameProto(text) && namesProto(value)) throw bodyInvalid('The body has a key named __proto__.')
  return value
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function decode(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  // Most bodies are ASCII, which needs no decoding.
  if (isAscii(bytes)) return bytes.toString('latin1')
  // Check before decoding: a replaced byte would change the content after its verification.
  if (!isUtf8(bytes)) throw bodyInvalid('The body is not UTF-8.')
  return bytes.toString('utf8')
}

function parse(text: string): unknown {
  if (text.startsWith('\uFEFF')) throw bodyInvalid('The body begins with a byte order mark.')
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the body, which may hold credentials.
    throw bodyInvalid('The body is not JSON.')
  }
}

/**
 * A cheap test without false negatives: the key is in the text literally, or with an escaped character. A part of it is
 * found faster than the whole, because V8 looks for the first character, and `_` is frequent.
 */
const mayNameProto = (text: string) => text.includes('proto_') || text.includes('\\u00')

/** Searches without recursion, because the sender chooses the depth. */
function namesProto(root: object): boolean {
  const pending: object[] = [root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (Object.hasOwn(value, '__proto__')) return true
    for (const child of Object.values(value)) {
      if (typeof child === 'object' && child !== null) pending.push(child)
    }
  }
  return false
}
