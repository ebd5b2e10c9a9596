/** Any part of a payload, at any depth. `undefined` removes a field, and a list replaces the whole list. */
export type Overrides<Value> = Value extends string | readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Field in keyof Value]?: Overrides<Value[Field]> | undefined }
    : Value

/** Returns a copy of `value` with `overrides` applied. */
export function override<Value>(value: Value, overrides: Overrides<Value> | undefined): Value {
  // The result has the shape of `value`, as the type of the overrides guarantees.
  return overlay(structuredClone(value), overrides) as Value
}

function overlay(value: unknown, overrides: unknown): unknown {
  if (!isObject(value) || !isObject(overrides)) return overrides === undefined ? value : overrides
  const result = { ...value }
  for (const [field, over] of Object.entries(overrides)) {
    if (over === undefined) delete result[field]
    else result[field] = overlay(Object.hasOwn(result, field) ? result[field] : undefined, over)
  }
  return result
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
