import type { Goal } from './goal.js'
import type { Table } from './table.js'

export interface MeasureOptions {
  /** Measures what takes a quiet hour, too. */
  readonly isLong: boolean
}

/** One part of the benchmark. */
export interface Part<Figures = unknown> {
  measure(options: MeasureOptions): Promise<PartResult<Figures>>
  /** What people read of the figures. */
  tablesOf(figures: Figures): readonly Table[]
}

export interface PartResult<Figures = unknown> {
  readonly goals: readonly Goal[]
  /** What was measured, for `results.json`. */
  readonly figures: Figures
}
