import type { Payload } from '../catalog/providers.js'
import { Failure } from '../failure.js'

/** Returns a copy of a payload with one field set by `path=value`. The value is JSON, otherwise a text. */
export function setField(payload: Payload, assignment: string): Payload {
  const separator = assignment.indexOf('=')
  const path = assignment.slice(0, separator).split('.')
  if (separator < 1 || path.includes('')) throw new Failure(`--set needs path=value, e.g. --set data.price=3`)
  const copy = structuredClone(payload)
  assign(copy, path, readValue(assignment.slice(separator + 1)))
  return copy
}

function assign(root: object, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path
  const holder = root as Record<string, unknown>
  const inner = Object.hasOwn(holder, name) ? holder[name] : undefined
  const isNested = typeof inner === 'object' && inner !== null
  const next = rest.length === 0 ? value : isNested ? inner : {}
  // Not an assignment, which would set the prototype for a field named __proto__.
  Object.defineProperty(holder, name, { value: next, enumerable: true, configurable: true, writable: true })
  if (rest.length > 0) assign(next as object, rest, value)
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
