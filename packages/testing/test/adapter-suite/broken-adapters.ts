import type { Broken } from './broken.js'
import { BROKEN_BYTES } from './broken-bytes.js'
import { BROKEN_HANDLING } from './broken-handling.js'
import { BROKEN_REFUSALS } from './broken-refusals.js'
import { BROKEN_SURROUNDINGS } from './broken-surroundings.js'

/** Adapters with one mistake each, by what it is. */
export const BROKEN: Readonly<Record<string, Broken>> = {
  ...BROKEN_REFUSALS,
  ...BROKEN_BYTES,
  ...BROKEN_HANDLING,
  ...BROKEN_SURROUNDINGS,
}
