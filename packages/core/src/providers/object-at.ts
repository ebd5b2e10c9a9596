import type { JsonObject } from './provider.js'

const NOTHING: JsonObject = {}

/** Returns the object in a field, or an empty one, because payloads are read before their schema is checked. */
export function objectAt(payload: JsonObject, field: string): JsonObject {
  const value = payload[field]
  return typeof value === 'object' && value !== null ? (value as JsonObject) : NOTHING
}
