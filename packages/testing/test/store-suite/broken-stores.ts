import { PAIRS } from '../../src/store-suite/keys.js'
import { type Broken, found, keyed } from './broken.js'
import { BROKEN_CLAIMS } from './broken-claims.js'
import { wrongClocks } from './broken-clocks.js'
import { BROKEN_LEASES } from './broken-leases.js'
import { BROKEN_POSITIONS } from './broken-positions.js'

/** Stores that take the second key of a pair for the first. */
const CONFUSED: Readonly<Record<string, Broken>> = Object.fromEntries(
  PAIRS.map(({ what, key, neighbour }) => [
    `takes one key for another that differs by: ${what}`,
    found(
      `tells keys apart that differ by: ${what}`,
      keyed((given) => (given === neighbour ? key : given)),
    ),
  ]),
)

/** Stores with one mistake each. */
export const BROKEN: Readonly<Record<string, Broken>> = {
  ...BROKEN_CLAIMS,
  ...BROKEN_LEASES,
  ...BROKEN_POSITIONS,
  ...wrongClocks(),
  ...CONFUSED,
}
