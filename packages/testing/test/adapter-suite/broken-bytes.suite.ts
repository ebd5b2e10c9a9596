import { BROKEN_BYTES } from './broken-bytes.js'
import { runBroken } from './run-broken.js'

runBroken(BROKEN_BYTES)
