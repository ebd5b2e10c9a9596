import { credentialNames } from './credential-names.js'

const REDACTED = '[redacted]'

/** Deeper than any provider nests. `JSON.stringify` of a deeper copy would exhaust the stack. */
const MAX_DEPTH = 64

/** Nobody reads more, and a logger would hold up the process for it. */
const MAX_FIELDS = 10_000
const MAX_FIELDS_OF_ONE = 1_000
const MAX_TEXT = 10_000
const MAX_CHARACTERS = 500_000

/**
 * Returns a copy for printing, in which each field that is named like a credential reads `[redacted]`, at every depth. The
 * value itself does not change. Empty credentials stay empty.
 *
 * In the copy, bytes become their number, a Map becomes an object and a Set a list. An Error gets its stack and cause. A
 * value with `toJSON` becomes the result of that.
 *
 * The copy has at most 10,000 fields, 1,000 of each object or list, and 500,000 characters, 10,000 of each text. It says
 * how many more there are. The fields nearest to the top are in it.
 *
 * Only names of fields count: `redact` does not find a password in free text.
 *
 * @param also more field names to hide
 *
 * @example
 * logger.info(redact(event.payload))
 */
export function redact(value: unknown, also: readonly string[] = []): unknown {
  return new Copier(credentialNames(also)).copy(value)
}

/** An object that is to be filled with copies of the fields of another one. */
interface OpenCopy {
  readonly source: object
  readonly target: object
  readonly depth: number
}

class Copier {
  readonly #isCredential: (name: string) => boolean
  /** Copies of objects that were already reached. A request that is logged by mistake refers to itself in many places. */
  readonly #copies = new Map<object, unknown>()
  readonly #open: OpenCopy[] = []
  #fieldsLeft = MAX_FIELDS
  #charactersLeft = MAX_CHARACTERS

  constructor(isCredential: (name: string) => boolean) {
    this.#isCredential = isCredential
  }

  /** Level by level, so that a long list leaves nothing out that stands beside it. */
  copy(value: unknown): unknown {
    const copy = this.#begin(value, 0)
    for (const open of this.#open) this.#fill(open)
    return copy
  }

  #begin(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    if (this.#copies.has(value)) return this.#copies.get(value)
    if (depth === MAX_DEPTH) return '[too deep]'
    // The `toJSON` of a delivery knows further names of credentials.
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.#begin(value.toJSON(), depth + 1)
    const target = Array.isArray(value) || value instanceof Set ? [] : {}
    this.#copies.set(value, target)
    this.#open.push({ source: value, target, depth: depth + 1 })
    return target
  }

  #fill({ source, target, depth }: OpenCopy): void {
    const { count, fields } = fieldsOf(source)
    const shown = Math.min(count, MAX_FIELDS_OF_ONE, this.#fieldsLeft)
    this.#fieldsLeft -= shown
    let done = 0
    for (const [key, field] of fields) {
      if (done === shown || this.#charactersLeft === 0) {
        setField(target, nameOfRest(target), `[${count - done} more]`)
        return
      }
      done += 1
      const name = String(key)
      const isHidden = this.#isCredential(name) && !isEmpty(field)
      // The number of an item stays whole: as any other name it would be no item.
      const shownName = Array.isArray(target) ? name : this.#text(name)
      setField(target, shownName, isHidden ? REDACTED : this.#begin(field, depth))
    }
  }

  #text(text: string): string {
    const shown = Math.min(text.length, MAX_TEXT, this.#charactersLeft)
    this.#charactersLeft -= shown
    return shown === text.length ? text : `${text.slice(0, shown)}… [${text.length - shown} more characters]`
  }
}

interface Fields {
  readonly count: number
  readonly fields: Iterable<[unknown, unknown]>
}

function fieldsOf(source: object): Fields {
  if (source instanceof Map) return { count: source.size, fields: source }
  if (Array.isArray(source)) return { count: source.length, fields: source.entries() }
  if (source instanceof Set) return { count: source.size, fields: numbered(source) }
  const object = source instanceof Error ? { stack: source.stack, cause: source.cause, ...source } : source
  const names = Object.keys(object)
  return { count: names.length, fields: named(object, names) }
}

function* numbered(items: Iterable<unknown>): Iterable<[unknown, unknown]> {
  let index = 0
  for (const item of items) yield [index++, item]
}

/** One by one: the copy may need few of many. */
function* named(source: object, names: readonly string[]): Iterable<[unknown, unknown]> {
  for (const name of names) yield [name, Reflect.get(source, name)]
}

const nameOfRest = (target: object) => (Array.isArray(target) ? String(target.length) : '…')

/** Not an assignment, which would set the prototype for a field named `__proto__`. */
function setField(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}

const isEmpty = (value: unknown) => value === '' || value === null || value === undefined
