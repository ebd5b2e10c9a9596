import assert from 'node:assert/strict'

/** Asserts that a value has the expected fields, at any depth. Others may stand beside them. A RegExp matches a text. */
export function assertMatches(actual: unknown, expected: unknown, message?: string): void {
  assert.deepEqual(reducedTo(expected, actual), expected, message)
}

/** Leaves out what was not asked for, so that the difference that is printed is the one that counts. */
function reducedTo(expected: unknown, actual: unknown): unknown {
  if (expected instanceof RegExp) return typeof actual === 'string' && expected.test(actual) ? expected : actual
  if (!isObject(expected) || !isObject(actual)) return actual
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return actual.map((item, at) => (at < expected.length ? reducedTo(expected[at], item) : item))
  }
  const fields = Object.entries(expected).map(([name, field]) => [name, reducedTo(field, actual[name])])
  return Object.fromEntries(fields)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
