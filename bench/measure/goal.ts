import type { Spread } from './statistics.js'

/** What is wanted of a figure, and what it turned out to be. */
export interface Goal {
  readonly name: string
  readonly measured: string
  readonly wanted: string
  readonly holds: boolean
  /** Wished for, and no failure if it is not reached. */
  readonly isStretch?: boolean
}

interface Figure {
  readonly name: string
  /** A ratio of rounds, or a number that is counted once. */
  readonly measured: Spread | number
  /** What the figure counts, e.g. ` × A`. */
  readonly unit: string
  readonly isStretch?: boolean
}

/** Holds if the median misses the limit by no more than its spread: a quarter of the rounds are within it. */
export const atMost = (limit: number, figure: Figure): Goal => ({
  ...read(figure),
  wanted: `<= ${shown(limit)}${figure.unit}`,
  holds: bestOf(figure.measured, 'low') <= limit,
})

/** Holds if the median misses the limit by no more than its spread: a quarter of the rounds are above it. */
export const atLeast = (limit: number, figure: Figure): Goal => ({
  ...read(figure),
  wanted: `>= ${shown(limit)}${figure.unit}`,
  holds: bestOf(figure.measured, 'high') >= limit,
})

const read = ({ name, measured, unit, isStretch }: Figure) => ({
  name,
  measured: shownWithSpread(measured) + unit,
  ...(isStretch && { isStretch }),
})

/** The end of the middle half of the rounds. */
function bestOf(measured: Spread | number, end: 'low' | 'high'): number {
  if (typeof measured === 'number') return measured
  return end === 'low' ? measured.lowerQuarter : measured.upperQuarter
}

function shownWithSpread(measured: Spread | number): string {
  if (typeof measured === 'number') return shown(measured)
  const { median, lowerQuarter, upperQuarter } = measured
  return `${shown(median)} [${shown(lowerQuarter)}–${shown(upperQuarter)}]`
}

const shown = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1))

/** One line a goal. Nothing else that is printed has the word `misses`. */
export const goalLine = (goal: Goal) => `${goal.name}: ${goal.measured} (${goal.wanted}) ${verdictOf(goal, 'misses')}`

/** What became of a goal, in one word. */
export const verdictOf = <Missed extends string>({ holds, isStretch }: Goal, missed: Missed) => {
  if (isStretch) return 'stretch'
  return holds ? 'holds' : missed
}
