import { type Case, compare } from '../measure/compare.js'
import type { Part } from '../measure/part.js'
import { rangeOf, ratioOf, type Spread, spreadOf } from '../measure/statistics.js'
import { bodies } from '../verify/bodies.js'
import { SCHEMES, type Scheme } from './signed-by.js'

const ROUNDS = 15
const SLICE_MS = 10
const SIZES = ['0.7 kB', '64 kB']

interface Row {
  readonly scheme: string
  readonly size: string
  readonly byHand: Spread
  readonly ours: Spread
  readonly ratio: Spread
}

/** The check of each scheme that a definition can say, beside the same check written by hand with node:crypto. */
export const schemes: Part<readonly Row[]> = { measure, tablesOf }

async function measure() {
  const figures: Row[] = []
  for (const { size, text, bytes, forged } of bodies()) {
    if (text !== 'ASCII' || !SIZES.includes(size)) continue
    for (const scheme of SCHEMES) figures.push(await measureScheme(scheme, size, bytes, forged))
  }
  return { goals: [], figures }
}

async function measureScheme(scheme: Scheme, size: string, body: Buffer, forged: Buffer): Promise<Row> {
  const { byHand, ours } = scheme.checks(body)
  for (const check of [byHand, ours]) {
    if (!check(body)) throw new Error(`${scheme.name} refuses a body that was signed`)
    if (check(forged)) throw new Error(`${scheme.name} accepts a body that was forged`)
  }
  const cases: Record<'byHand' | 'ours', Case> = { byHand: () => byHand(body), ours: () => ours(body) }
  const timings = await compare(cases, { rounds: ROUNDS, sliceMs: SLICE_MS })
  const micros = (of: 'byHand' | 'ours') => spreadOf(timings[of].map((ns) => ns / 1000))
  return {
    scheme: scheme.name,
    size,
    byHand: micros('byHand'),
    ours: micros('ours'),
    ratio: ratioOf(timings.ours, timings.byHand),
  }
}

function tablesOf(figures: readonly Row[]) {
  return [
    {
      title: 'The check of a scheme',
      rows: [
        ['', 'body', 'by hand', 'ours', 'times by hand', 'from to'],
        ...figures.map(({ scheme, size, byHand, ours, ratio }) => [
          scheme,
          size,
          `${byHand.median.toFixed(1)} µs`,
          `${ours.median.toFixed(1)} µs`,
          ratio.median.toFixed(2),
          rangeOf(ratio),
        ]),
      ],
    },
  ]
}
