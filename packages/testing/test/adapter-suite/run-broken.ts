import { vi } from 'vitest'
import { adapterSuite } from '../../src/suites.js'
import type { Broken } from './broken.js'
import { underTest } from './reference-adapter.js'

/** What waits for ever is found by a time-out. No check takes as long with an adapter that does as it should. */
const TIMEOUT_MS = 3_000

/** Each fails, as it should: adapter-suite.test.ts runs it by the check that finds it. */
export function runBroken(broken: Readonly<Record<string, Broken>>): void {
  vi.setConfig({ testTimeout: TIMEOUT_MS })
  for (const [name, { breakage }] of Object.entries(broken)) adapterSuite(underTest(name, breakage))
}
