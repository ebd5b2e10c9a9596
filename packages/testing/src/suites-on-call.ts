import { createRequire } from 'node:module'
import type { AdapterUnderTest } from './adapter-suite/adapter-under-test.js'
import type { JournalUnderTest } from './journal-suite/journal-under-test.js'
import type { ProviderUnderTest } from './provider-suite/provider-under-test.js'
import type { StoreUnderTest } from './store-suite/store-under-test.js'

/** Calls the suite of the same name in `@mailbox-hooks/testing/suites`. Only this call loads vitest. */
export function adapterSuite(adapter: AdapterUnderTest): void {
  load('adapterSuite').adapterSuite(adapter)
}

/** Calls the suite of the same name in `@mailbox-hooks/testing/suites`. Only this call loads vitest. */
export function journalSuite(journal: JournalUnderTest): void {
  load('journalSuite').journalSuite(journal)
}

/** Calls the suite of the same name in `@mailbox-hooks/testing/suites`. Only this call loads vitest. */
export function providerSuite(provider: ProviderUnderTest): void {
  load('providerSuite').providerSuite(provider)
}

/** Calls the suite of the same name in `@mailbox-hooks/testing/suites`. Only this call loads vitest. */
export function storeSuite(store: StoreUnderTest): void {
  load('storeSuite').storeSuite(store)
}

type Suites = typeof import('./suites.js')

/**
 * Loads vitest by `require`, because `import()` would be too late: vitest collects the tests when the file has run.
 * `require` returns the same ES module that `import` has loaded, so it is the vitest that runs the file.
 */
function load(suite: keyof Suites): Suites {
  if (process.env.VITEST !== undefined) return createRequire(import.meta.url)('@mailbox-hooks/testing/suites')
  throw new Error(`${suite} defines vitest tests: install vitest, and run this file with \`npx vitest run\``)
}
