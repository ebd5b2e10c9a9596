import { credentialNames } from './credential-names.js'

const REDACTED = '[redacted]'

/** Deeper than any provider nests. A deeper payload would exhaust the stack. */
const MAX_DEPTH = 64

/**
 * Returns a copy for printing, in which each field that is named like a credential reads `[redacted]`, at every depth. The
 * value itself does not change. Empty credentials stay empty.
 *
 * In the copy, bytes become their number, a Map becomes an object and a Set a list. An Error gets its stack and cause. A
 * value with `toJSON` becomes the result of that.
 *
 * Only names of fields count: `redact` does not find a password in free text.
 *
 * @param also more field names to hide
 *
 * @example
 * logger.info(redact(event.payload))
 */
export function redact(value: unknown, also: readonly string[] = []): unknown {
  return new Copier(credentialNames(also)).copy(value, 0)
}

class Copier {
  readonly #isCredential: (name: string) => boolean
  /** Copies of objects that were already reached. A request that is logged by mistake refers to itself in many places. */
  readonly #copies = new Map<object, unknown>()

  constructor(isCredential: (name: string) => boolean) {
    this.#isCredential = isCredential
  }

  copy(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    if (this.#copies.has(value)) return this.#copies.get(value)
    if (depth === MAX_DEPTH) return '[too deep]'
    // The `toJSON` of a delivery knows further names of credentials.
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.copy(value.toJSON(), depth + 1)
    const result: object = Array.isArray(value) || value instanceof Set ? [] : {}
    this.#copies.set(value, result)
    for (const [key, field] of fieldsOf(value)) {
      const name = String(key)
      const isHidden = this.#isCredential(name) && !isEmpty(field)
      const shown = isHidden ? REDACTED : this.copy(field, depth + 1)
      // Not an assignment, which would set the prototype for a field named __proto__.
      Object.defineProperty(result, name, { value: shown, enumerable: true, configurable: true, writable: true })
    }
    return result
  }
}

function fieldsOf(value: object): Iterable<[unknown, unknown]> {
  if (value instanceof Map) return value
  if (value instanceof Set) return [...value].entries()
  return Object.entries(value instanceof Error ? { stack: value.stack, cause: value.cause, ...value } : value)
}

const isEmpty = (value: unknown) => value === '' || value === null || value === undefined
