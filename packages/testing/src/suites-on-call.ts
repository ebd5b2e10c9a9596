import { createRequire } from 'node:module'
import type { AdapterUnderTest } from './adapter-suite/adapter-under-test.js'
import type { JournalUnderTest } from './journal-suite/journal-under-test.js'
import type { ProviderUnderTest } from './provider-suite/provider-under-test.js'
import type { StoreUnderTest } from './store-suite/store-under-test.js'

/** As in `@mailbox-hooks/testing/suites`, which is loaded when this is called: nothing else here needs vitest. */
export function adapterSuite(adapter: AdapterUnderTest): void {
  load('adapterSuite').adapterSuite(adapter)
}

/** As in `@mailbox-hooks/testing/suites`, which is loaded when this is called: nothing else here needs vitest. */
export function journalSuite(journal: JournalUnderTest): void {
  load('journalSuite').journalSuite(journal)
}

/** As in `@mailbox-hooks/testing/suites`, which is loaded when this is called: nothing else here needs vitest. */
export function providerSuite(provider: ProviderUnderTest): void {
  load('providerSuite').providerSuite(provider)
}

/** As in `@mailbox-hooks/testing/suites`, which is loaded when this is called: nothing else here needs vitest. */
export function storeSuite(store: StoreUnderTest): void {
  load('storeSuite').storeSuite(store)
}

type Suites = typeof import('./suites.js')

/**
 * By `require`, for vitest collects the tests that are there when the file has run, and `import()` would be later. It is
 * the vitest that runs the file all the same: what `require` loads of an ES module is what `import` has loaded.
 */
function load(suite: keyof Suites): Suites {
  if (process.env.VITEST !== undefined) return createRequire(import.meta.url)('@mailbox-hooks/testing/suites')
  throw new Error(`${suite} makes tests for vitest: install vitest, and run this file by \`npx vitest run\``)
}
