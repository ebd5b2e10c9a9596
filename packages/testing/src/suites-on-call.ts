import { createRequire } from 'node:module'
import type { AdapterUnderTest } from './adapter-suite/adapter-under-test.js'
import type { HandOffUnderTest } from './hand-off-suite/hand-off-under-test.js'
import type { JournalUnderTest } from './journal-suite/journal-under-test.js'
import { defineProviderSuite } from './provider-suite/provider-suite.js'
import type { ProviderUnderTest } from './provider-suite/provider-under-test.js'
import type { StoreUnderTest } from './store-suite/store-under-test.js'
import { testRunner } from './test-runner.js'

/** Calls the suite of the same name in `@mailbox-hooks/testing/suites`. It runs in vitest, which only this call loads. */
export function adapterSuite(adapter: AdapterUnderTest): void {
  load('adapterSuite').adapterSuite(adapter)
}

/** Calls the suite of the same name in `@mailbox-hooks/testing/suites`. It runs in vitest, which only this call loads. */
export function handOffSuite(handOff: HandOffUnderTest): void {
  load('handOffSuite').handOffSuite(handOff)
}

/** Calls the suite of the same name in `@mailbox-hooks/testing/suites`. It runs in vitest, which only this call loads. */
export function journalSuite(journal: JournalUnderTest): void {
  load('journalSuite').journalSuite(journal)
}

/**
 * Tests a provider through the receiver: which deliveries are accepted, with which type, and which are refused or
 * duplicates. Call it at the top of a test file of vitest, jest or node:test. It defines its own `describe` blocks.
 *
 * It cannot test that `sign` and the samples are right: compare them with the provider's documents and real deliveries.
 *
 * @example
 * providerSuite({
 *   name: 'acme',
 *   provider: (secrets) => acme({ secrets }),
 *   sign: ({ body, sentAt, secret }) => {
 *     const time = String(Math.floor(sentAt.getTime() / 1000))
 *     const signature = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')
 *     return { 'x-acme-time': time, 'x-acme-signature': signature }
 *   },
 *   samples: { 'order.paid': { type: 'order.paid', id: 'evt_1' } },
 *   trust: 'body+timestamp',
 *   anotherEvent: (payload) => ({ ...payload, id: 'evt_2' }),
 * })
 */
export function providerSuite(provider: ProviderUnderTest): void {
  if (runsInVitest()) load('providerSuite').providerSuite(provider)
  else defineProviderSuite(provider, testRunner())
}

/** Calls the suite of the same name in `@mailbox-hooks/testing/suites`. It runs in vitest, which only this call loads. */
export function storeSuite(store: StoreUnderTest): void {
  load('storeSuite').storeSuite(store)
}

type Suites = typeof import('./suites.js')

/**
 * Loads vitest by `require`, because `import()` would be too late: vitest collects the tests when the file has run.
 * `require` returns the same ES module that `import` has loaded, so it is the vitest that runs the file.
 */
function load(suite: keyof Suites): Suites {
  if (runsInVitest()) return createRequire(import.meta.url)('@mailbox-hooks/testing/suites')
  throw new Error(`${suite} defines vitest tests: install vitest, and run this file with \`npx vitest run\``)
}

const runsInVitest = () => process.env.VITEST !== undefined
