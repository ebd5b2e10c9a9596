import { describe } from 'vitest'
import { beginTests } from './begin.js'
import { clockTests } from './clock.js'
import { contentionTests } from './contention.js'
import { eraseTests } from './erase.js'
import { findTests } from './find.js'
import { finishTests } from './finish.js'
import { fixtureFor } from './fixture.js'
import type { JournalUnderTest } from './journal-under-test.js'
import { leaseTests } from './lease.js'
import { limitedTests } from './limited.js'
import { namespaceTests } from './namespaces.js'
import { newerTests } from './newer.js'
import { noteTests } from './note.js'
import { purgeTests } from './purge.js'
import { refusalTests } from './refusals.js'
import { rerunTests } from './rerun.js'
import { statsTests } from './stats.js'
import { takeTests } from './take.js'
import { valueTests } from './values.js'
import { withinTests } from './within.js'

const TIMEOUT_MS = 30_000

/**
 * Tests the contract of `JournalStore` on a real one. Call it at the top of a vitest file; it makes its own `describe`
 * blocks, opens the store, clears it before each test and closes it.
 *
 * It does not test what only the journal does: sealing, the index, replays and retries.
 *
 * @example
 * journalSuite({
 *   name: 'my rows',
 *   open: async () => {
 *     const clients = [await connect()]
 *     const store = myJournalStore(clients[0])
 *     await store.migrate()
 *     return {
 *       store,
 *       another: async () => myJournalStore(clients[clients.push(await connect()) - 1]),
 *       clear: () => clients[0].deleteEverything(),
 *       close: async () => { for (const client of clients) await client.close() },
 *     }
 *   },
 *   differences: { noTransactions: { reason: 'the database has none' } },
 * })
 */
export function journalSuite(underTest: JournalUnderTest): void {
  const { name, skip = false, differences = {} } = underTest
  describe.skipIf(skip)(name, { timeout: TIMEOUT_MS }, () => {
    const fixture = fixtureFor(underTest)
    describe('begin', () => beginTests(fixture))
    describe('an entry that guards for a limited time', () => limitedTests(fixture))
    describe('a lease', () => leaseTests(fixture))
    describe('finish', () => finishTests(fixture))
    describe('note', () => noteTests(fixture))
    describe('rerun', () => rerunTests(fixture))
    describe('take', () => takeTests(fixture))
    describe('find', () => findTests(fixture))
    describe('hasNewer', () => newerTests(fixture))
    describe('erase', () => eraseTests(fixture))
    describe('purge', () => purgeTests(fixture))
    describe('stats', () => statsTests(fixture))
    describe('refusals', () => refusalTests(fixture))
    describe('namespaces', () => namespaceTests(fixture))
    describe('values', () => valueTests(fixture))
    describe('many at once', () => contentionTests(fixture, differences.connections?.count ?? 20))
    describe.skipIf(differences.noTransactions !== undefined)('finishWithin', () => withinTests(fixture))
    describe.skipIf(differences.noClock !== undefined)('clocks', () => clockTests(fixture))
  })
}
