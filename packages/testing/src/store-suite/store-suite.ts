import { describe } from 'vitest'
import { claimTests } from './claim.js'
import { clockTests } from './clock.js'
import { contentionTests } from './contention.js'
import { benchFor } from './fixture.js'
import { keyTests } from './keys.js'
import { leaseTests } from './lease.js'
import { orderTests } from './order.js'
import { settleTests } from './settle.js'
import type { StoreUnderTest } from './store-under-test.js'

const TIMEOUT_MS = 30_000

/**
 * Tests a real store against the contract of `DedupStore`. Call it at the top of a vitest file. It defines its own
 * `describe` blocks, opens the store, clears it before each test and closes it.
 *
 * It does not test what only the receiver or a single store does: time limits, `complete` within a transaction, `migrate`
 * and `purge`.
 *
 * @example
 * storeSuite({
 *   name: 'my store',
 *   open: async () => {
 *     const clients = [await connect()]
 *     return {
 *       store: myStore(clients[0]),
 *       another: async () => myStore(clients[clients.push(await connect()) - 1]),
 *       clear: () => clients[0].deleteEverything(),
 *       close: async () => { for (const client of clients) await client.close() },
 *     }
 *   },
 * })
 */
export function storeSuite(underTest: StoreUnderTest): void {
  const { name, skip = false, differences = {} } = underTest
  describe.skipIf(skip)(name, { timeout: TIMEOUT_MS }, () => {
    const bench = benchFor(underTest)
    describe('claiming', () => claimTests(bench))
    describe('settling', () => settleTests(bench))
    describe('leases', () => leaseTests(bench))
    describe('keys', () => keyTests(bench))
    describe('many at once', () => contentionTests(bench, differences.connections?.count ?? 50))
    describe.skipIf(differences.noClock !== undefined)('clocks', () => clockTests(bench))
    describe.skipIf(differences.noOrder !== undefined)('order', () => orderTests(bench))
  })
}
