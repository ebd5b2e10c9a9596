import type { Payload } from './provider-under-test.js'

/** A text that occurs only in payloads, so that a message that quotes one is detected. */
export const PLANTED = 'planted value'

interface Changed {
  /** Describes the change, e.g. `data.price = []`. */
  readonly what: string
  readonly payload: Payload
}

const ODD: readonly unknown[] = [
  undefined,
  null,
  true,
  7,
  1e300,
  PLANTED,
  '',
  [],
  [[null]],
  {},
  { toString: null, length: -1 },
]

/** Returns copies of the payload, each with one field at any depth removed or changed to another type. */
export function changedFields(payload: Payload): readonly Changed[] {
  return pathsOf(payload).flatMap((path) =>
    ODD.map((value) => ({
      what: `${path.join('.')} = ${JSON.stringify(value)}`,
      // A changed object is still an object.
      payload: replaced(payload, path, value) as Payload,
    })),
  )
}

type Path = readonly string[]

function pathsOf(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, field]) => [[name], ...pathsOf(field).map((path) => [name, ...path])])
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>
  copy[name] = replaced(copy[name], rest, by)
  return copy
}
