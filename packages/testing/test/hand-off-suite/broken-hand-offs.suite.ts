import { handOffSuite } from '../../src/suites.js'
import { BROKEN, handOffWith } from './broken-hand-offs.js'

// Most of these fail, as they should: hand-off-suite.test.ts runs this file, and looks at which.
handOffSuite(handOffWith('reference'))
for (const [name, { breakage }] of Object.entries(BROKEN)) handOffSuite(handOffWith(name, breakage))
