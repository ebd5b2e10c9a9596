import { z } from 'zod'

/** As many as an outcome shows. */
const MAX_ISSUES = 20

/**
 * A record of texts to values that is looked at until 20 faults are found, for the reason of `listOf`.
 *
 * What changes it further (`meta`) makes a record without this; `optional` and the like stand around it.
 */
export function mapOf<Value extends z.ZodType>(value: Value): z.ZodRecord<z.ZodString, Value> {
  const record = z.record(z.string(), value)
  const { parse } = record._zod
  const parseSome: typeof parse = (payload, context) => {
    const given: unknown = payload.value
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return parse(payload, context)
    const read: [string, z.output<Value>][] = []
    for (const [key, entry] of Object.entries(given)) {
      // Schemas of ours are never asynchronous.
      const result = value._zod.run({ value: entry, issues: [] }, context) as z.core.ParsePayload<z.output<Value>>
      read.push([key, result.value])
      if (result.issues.length > 0) payload.issues.push(...z.core.util.prefixIssues(key, result.issues))
      if (payload.issues.length >= MAX_ISSUES) break
    }
    payload.value = Object.fromEntries(read) as typeof payload.value
    return payload
  }
  record._zod.parse = parseSome
  record._zod.run = parseSome
  return record
}
