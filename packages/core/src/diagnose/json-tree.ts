/** A JSON tree with the original texts of its strings and numbers, which `JSON.parse` does not keep. */
export type JsonNode =
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: JsonNode])[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string' | 'number' | 'word'; readonly text: string }

// Sticky, so that it never scans ahead for a token, and the time is linear in the length of the text.
const TOKEN = /\s*("[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:])/gy

/** Deeper than any provider nests. Deeper nesting would exhaust the stack. */
const MAX_DEPTH = 200

/** Returns the tree of a text, or undefined if it is not JSON or nests too deeply. */
export function readJson(text: string): JsonNode | undefined {
  if (!isJson(text)) return undefined
  const tokens = Array.from(text.matchAll(TOKEN), ([, token]) => token!)
  let position = 0

  function read(depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deeply')
    // The text is JSON, so the token exists.
    const token = tokens[position++]!
    if (token === '{') return { kind: 'object', members: readUntil('}', () => readMember(depth)) }
    if (token === '[') return { kind: 'array', items: readUntil(']', () => read(depth + 1)) }
    if (token.startsWith('"')) return { kind: 'string', text: token }
    return { kind: /^[tfn]/.test(token) ? 'word' : 'number', text: token }
  }

  function readMember(depth: number): readonly [string, JsonNode] {
    const key = tokens[position]!
    position += 2
    return [key, read(depth + 1)]
  }

  function readUntil<Part>(end: string, readPart: () => Part): Part[] {
    const parts: Part[] = []
    while (tokens[position] !== end) {
      parts.push(readPart())
      if (tokens[position] === ',') position++
    }
    position++
    return parts
  }

  try {
    return read(0)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
