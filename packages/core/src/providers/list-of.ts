import { z } from 'zod'

/** As many as an outcome shows. */
const MAX_ISSUES = 20

/**
 * A list whose items are looked at until 20 faults are found. zod notes what is wrong with each, and a body of 2 MB has a
 * million of them: the notes would take gigabytes.
 *
 * What changes it further (`meta`, `min`) makes a list without this; `optional` and the like stand around it.
 */
export function listOf<Item extends z.ZodType>(item: Item): z.ZodArray<Item> {
  const list = z.array(item)
  const { parse } = list._zod
  const parseSome: typeof parse = (payload, context) => {
    const items = payload.value
    if (!Array.isArray(items)) return parse(payload, context)
    payload.value = []
    for (let index = 0; index < items.length; index++) {
      // Schemas of ours are never asynchronous.
      const result = item._zod.run({ value: items[index], issues: [] }, context) as z.core.ParsePayload<z.output<Item>>
      payload.value.push(result.value)
      if (result.issues.length > 0) payload.issues.push(...z.core.util.prefixIssues(index, result.issues))
      if (payload.issues.length >= MAX_ISSUES) return payload
    }
    return payload
  }
  list._zod.parse = parseSome
  list._zod.run = parseSome
  return list
}
