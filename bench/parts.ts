import { growth } from './growth/growth.js'
import { http } from './http/http.js'
import { journal } from './journal/journal.js'
import { leaks } from './leaks/leaks.js'
import type { Part } from './measure/part.js'
import { memory } from './memory/memory.js'
import { scaling } from './scaling/scaling.js'
import { schemes } from './schemes/schemes.js'
import { start } from './start/start.js'
import { stores } from './stores/stores.js'
import { verify } from './verify/verify.js'

/** The parts by name, in the order in which they run. */
export const PARTS: Readonly<Record<string, Part>> = {
  verify,
  schemes,
  http,
  memory,
  leaks,
  stores,
  journal,
  start,
  growth,
  scaling,
}
