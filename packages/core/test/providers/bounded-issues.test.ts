import { coldMailReseller, type Provider } from '@mailbox-hooks/core'
import { describeProvider, PLAYED } from '@mailbox-hooks/core/play'
import { sample } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'

/** Enough that an issue for each item would be far too many. */
const LIST_BYTES = 200_000

/** The paths of all lists in a value, as far as samples show them. */
function listsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (Array.isArray(value)) return [path, ...listsIn(value[0], [...path, '0'])]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, field]) => listsIn(field, [...path, name]))
}

function withFieldAt(value: unknown, [name, ...rest]: readonly string[], field: unknown): unknown {
  if (name === undefined) return field
  const copy = structuredClone(value) as Record<string, unknown>
  copy[name] = withFieldAt(copy[name], rest, field)
  return copy
}

const LISTS = PLAYED.map((played) => [describeProvider(played.create), played.samples] as const).flatMap(
  ([provider, samples]: readonly [Provider, object]) =>
    Object.entries(samples).flatMap(([type, payload]) =>
      listsIn(payload).map(
        (path) =>
          [
            `${provider.name} ${type} ${path.join('.')}`,
            { provider, type, make: () => payload as object, path },
          ] as const,
      ),
    ),
)

describe('a list of items that do not fit', () => {
  it('is looked for in every schema that has one', () => {
    expect(LISTS.length).toBeGreaterThan(40)
  })

  it.each(LISTS)('has a bounded number of issues: %s', async (_where, { provider, type, make, path }) => {
    for (const item of ['{}', '1', '[]', 'null']) {
      const items = JSON.parse(`[${`${item},`.repeat(LIST_BYTES / (item.length + 1))}${item}]`)
      const payload = withFieldAt(make(), path, items)
      const result = await provider.schemaOf(type)!['~standard'].validate(payload)
      const issues = JSON.stringify(result.issues ?? [])
      // A list of items that may be anything has none.
      expect(result.issues?.length ?? 0).toBeLessThan(100)
      expect(issues.length).toBeLessThan(100_000)
    }
  })

  it('reports the first twenty issues, each with its path', async () => {
    const provider = coldMailReseller({ secrets: ['key'] })
    const payload = sample.coldMailReseller['prewarmup.order.failed']({ data: { failedOrders: Array(50).fill({}) } })
    const result = await provider.schemaOf('prewarmup.order.failed')!['~standard'].validate(payload)
    expect(result.issues).toHaveLength(20)
    expect(result.issues?.[2]?.path).toEqual(['data', 'failedOrders', 1, 'domain'])
  })
})
