/** The middle of several rounds, the middle half of them, and those that were furthest from it. */
export interface Spread {
  readonly median: number
  readonly lowerQuarter: number
  readonly upperQuarter: number
  readonly low: number
  readonly high: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other)
  return {
    median: quantile(sorted, 0.5),
    lowerQuarter: quantile(sorted, 0.25),
    upperQuarter: quantile(sorted, 0.75),
    low: sorted[0] ?? Number.NaN,
    high: sorted.at(-1) ?? Number.NaN,
  }
}

/** Of values in ascending order. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** How many times as much one took as the other, round by round: what disturbs a round disturbs both. */
export function ratioOf(values: readonly number[], floors: readonly number[]): Spread {
  return spreadOf(values.map((value, round) => value / (floors[round] ?? Number.NaN)))
}

/** The spread with the highest median. */
export const highestOf = (spreads: readonly Spread[]): Spread =>
  spreads.reduce((highest, spread) => (spread.median > highest.median ? spread : highest))

export const rangeOf = ({ low, high }: Spread) => `${low.toFixed(2)}–${high.toFixed(2)}`
