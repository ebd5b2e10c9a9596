import type { JsonObject } from './provider.js'

const NOTHING: JsonObject = {}

/** The object in a field, or an empty one: payloads are read before any schema has looked at them. */
export function objectAt(payload: JsonObject, field: string): JsonObject {
  const value = payload[field]
  return typeof value === 'object' && value !== null ? (value as JsonObject) : NOTHING
}
