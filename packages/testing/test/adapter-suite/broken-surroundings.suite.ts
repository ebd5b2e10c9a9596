import { BROKEN_SURROUNDINGS } from './broken-surroundings.js'
import { runBroken } from './run-broken.js'

runBroken(BROKEN_SURROUNDINGS)
