import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { titled } from '../../packages/testing/src/titled.js'
import { lifeOfKeys } from './life-of-keys.js'
import { durableObjectSite, memorySite, type OpenSite, pgliteSite, sqliteSite } from './stores-under-test.js'

/** Each way a call can be answered; a run that did not see all of them has proven less than it says. */
const ANSWERS = [
  'claim: claimed',
  'claim: done',
  'claim: in-flight',
  'claim: not read',
  'complete: false',
  'complete: not read',
  'complete: true',
  'extend: false',
  'extend: not read',
  'extend: true',
  'release: false',
  'release: not read',
  'release: true',
]

describe.each(
  titled(
    [
      { name: 'memoryStore', open: memorySite, numRuns: 300 },
      { name: 'sqliteStore', open: sqliteSite, numRuns: 150 },
      { name: 'durableObjectStore', open: durableObjectSite, numRuns: 150 },
      { name: 'postgresStore by PGlite', open: pgliteSite, numRuns: 40 },
    ],
    'name',
  ),
)('%s', ({ open, numRuns }) => {
  let site: OpenSite

  beforeAll(async () => {
    site = await open()
  }, 60_000)
  afterAll(() => site.close())

  it('answers as the contract says, whatever several workers do with two keys', { timeout: 300_000 }, async () => {
    const seen = new Set<string>()
    await fc.assert(
      lifeOfKeys(
        () => site,
        (what) => seen.add(what),
      ),
      { numRuns: process.env.LONG_TESTS ? 10 * numRuns : numRuns },
    )
    expect([...seen].sort()).toEqual(ANSWERS)
  })
})
