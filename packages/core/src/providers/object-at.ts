import type { JsonObject } from './provider.js'

const NOTHING: JsonObject = {}

/** Returns the object in a field, or an empty one, because payloads are read before their schema is checked. */
export function objectAt(payload: JsonObject, field: string): JsonObject {
  const value = payload[field]
  return typeof value === 'object' && value !== null ? (value as JsonObject) : NOTHING
}

/** The objects in a list in a field, up to as many as anybody looks at; none where there is no list. */
export function objectsAt(payload: JsonObject, field: string): readonly JsonObject[] {
  const value = payload[field]
  if (!Array.isArray(value)) return []
  return value.slice(0, MAX_OBJECTS).filter((item) => typeof item === 'object' && item !== null)
}

/** The sender chooses how many there are. */
const MAX_OBJECTS = 200
