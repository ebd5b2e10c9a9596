/** The middle of several rounds, and the rounds that were furthest from it. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other)
  return { median: quantile(sorted, 0.5), low: sorted[0] ?? Number.NaN, high: sorted.at(-1) ?? Number.NaN }
}

/** Of values in ascending order. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** How many times as much one took as the other, round by round: what disturbs a round disturbs both. */
export function ratioOf(values: readonly number[], floors: readonly number[]): Spread {
  return spreadOf(values.map((value, round) => value / (floors[round] ?? Number.NaN)))
}

export const rangeOf = ({ low, high }: Spread) => `${low.toFixed(2)}–${high.toFixed(2)}`
