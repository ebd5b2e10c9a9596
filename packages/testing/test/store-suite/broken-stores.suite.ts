import { storeSuite } from '../../src/suites.js'
import { BROKEN } from './broken-stores.js'
import { underTest } from './reference-store.js'

// Most of these fail, as they should: store-suite.test.ts runs this file, and looks at which.
storeSuite(underTest('reference'))
for (const [name, { breakage }] of Object.entries(BROKEN)) storeSuite(underTest(name, breakage))
