import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BREAKS, broken } from './broken-stores.js'
import { lifeOfKeys } from './life-of-keys.js'
import { memorySite } from './stores-under-test.js'

/** Proves the model: it must not pass whatever it is given. */
describe('the model finds a store that', () => {
  it.each(Object.entries(BREAKS))('%s', async (_name, breakIt) => {
    const site = await memorySite()
    const store = broken(site.stores[0], breakIt)
    const { failed } = await fc.check(
      lifeOfKeys(() => ({ ...site, stores: [store, store, store] })),
      { numRuns: 200, endOnFailure: true },
    )
    expect(failed).toBe(true)
  })
})
