import { adapterSuite } from '../../src/suites.js'
import { BROKEN } from './broken-adapters.js'
import { underTest } from './reference-adapter.js'

// The broken ones fail, as they should: adapter-suite.test.ts runs this file, each of them by the check that finds it.
adapterSuite(underTest('reference'))
for (const [name, { breakage }] of Object.entries(BROKEN)) adapterSuite(underTest(name, breakage))
