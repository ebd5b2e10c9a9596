import { BROKEN_HANDLING } from './broken-handling.js'
import { runBroken } from './run-broken.js'

runBroken(BROKEN_HANDLING)
