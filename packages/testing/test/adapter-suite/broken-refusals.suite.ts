import { BROKEN_REFUSALS } from './broken-refusals.js'
import { runBroken } from './run-broken.js'

runBroken(BROKEN_REFUSALS)
