import { adapterSuite } from '../../src/suites.js'
import { underTest } from './reference-adapter.js'

adapterSuite(underTest('reference'))
