import { vi } from 'vitest'
import { adapterSuite } from '../../src/suites.js'
import type { Broken } from './broken.js'
import { underTest } from './reference-adapter.js'

/**
 * Runs the suite on each, which fails, as it should: adapter-suite.test.ts runs it by the check that finds it. An adapter
 * that waits for ever is found by the time-out, which is far longer than its check takes with the reference.
 */
export function runBroken(broken: Readonly<Record<string, Broken>>, testTimeout = 1_500): void {
  vi.setConfig({ testTimeout })
  for (const [name, { breakage }] of Object.entries(broken)) adapterSuite(underTest(name, breakage))
}
