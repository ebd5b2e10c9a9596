/** Later than any time that a database tells. */
const NO_DEADLINE_MS = 1e15
/** For so long an estimate is kept against lower ones: answers come late, and databases' clocks are set back rarely. */
const ESTIMATE_MS = 60_000
/** Leases of tests can be shorter than a statement takes on a busy machine. */
const SHORTEST_MS = 1_000

/**
 * Knows the database's clock from its answers. A statement that waits somewhere can then carry a deadline, and do nothing
 * if it runs too late: its caller has given up, and leases have ended that nobody could extend.
 */
export class ServerClock {
  #aheadMs: number | undefined
  #estimatedAt = 0

  /** Whether the database has told its time. Before that, ask for it: a claim without a deadline may run too late. */
  get isKnown(): boolean {
    return this.#aheadMs !== undefined
  }

  /** Learns from an answer what time it was there, in milliseconds since 1970. */
  learn(serverMs: number): void {
    if (!Number.isFinite(serverMs)) return
    const now = performance.now()
    const aheadMs = serverMs - now
    // The answer took its time, too: of several estimates the highest is the best.
    if (this.#aheadMs !== undefined && aheadMs < this.#aheadMs && now < this.#estimatedAt + ESTIMATE_MS) return
    this.#aheadMs = aheadMs
    this.#estimatedAt = now
  }

  /**
   * Returns until when a claim with this lease is wanted, by the database's clock. `madeAt` is the time of the claim by
   * `performance.now()`: it may have waited for an answer since. Leases are extended at a third, so those of live holders
   * outlast the half. Far away before the clock is known.
   */
  deadlineMs(leaseMs: number, madeAt = performance.now()): number {
    if (this.#aheadMs === undefined) return NO_DEADLINE_MS
    return madeAt + this.#aheadMs + Math.max(leaseMs / 2, SHORTEST_MS)
  }
}
