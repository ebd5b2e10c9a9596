import type { Goal } from './goal.js'

/** One part of the benchmark. */
export interface PartResult {
  readonly goals: readonly Goal[]
  /** What was measured, for `results.json`. */
  readonly figures: unknown
}

export type Part = () => Promise<PartResult>
