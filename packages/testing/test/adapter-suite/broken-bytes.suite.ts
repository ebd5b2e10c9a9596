import { BROKEN_BYTES } from './broken-bytes.js'
import { runBroken } from './run-broken.js'

// A connection is closed two seconds after its refusal.
runBroken(BROKEN_BYTES, 4_000)
