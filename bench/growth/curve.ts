/** What a delivery costs, by one thing that grows. */
export interface Curve {
  readonly title: string
  /** What grows, as it stands below the axis. */
  readonly axis: string
  /** From the smallest to the largest. */
  readonly points: readonly Point[]
}

export interface Point {
  readonly at: number
  readonly label: string
  /** Microseconds a delivery, the median of some rounds. */
  readonly micros: number
}

/** How many times as much the last point costs as the first. */
export const growthOf = ({ points }: Curve) => points.at(-1)!.micros / points[0]!.micros

export const counted = (count: number) =>
  count >= 1_000_000 ? `${count / 1_000_000} M` : count >= 1000 ? `${count / 1000} k` : String(count)
