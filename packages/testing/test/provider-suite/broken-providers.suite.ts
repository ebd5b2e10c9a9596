import { providerSuite } from '../../src/suites.js'
import { ACME } from './acme.js'
import { BROKEN } from './broken-providers.js'

// Most of these fail, as they should: provider-suite.test.ts runs this file, and looks at which.
providerSuite(ACME)
for (const [name, { provider }] of Object.entries(BROKEN)) providerSuite({ ...ACME, name, provider })
