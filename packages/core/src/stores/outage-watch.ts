/** A call that takes longer has met a store that stands still, or a connection that has died. */
const SLOW_MS = 1_000

/** How a claim treats leases that ended while the store was out of reach. */
export interface Protection {
  /** A lease that has ended for less time than this still belongs to its holder, in milliseconds. 0 by default. */
  readonly graceMs: number
  /** When to ask again for such a lease, in milliseconds. */
  readonly retryAfterMs: number
}

interface OutageWatchOptions {
  /** Called after each answer of the store. */
  readonly onAnswer: () => void
  /** Whether an error is an answer, too. By default none is. */
  readonly isAnswer?: (error: unknown) => boolean
}

const NO_PROTECTION: Protection = { graceMs: 0, retryAfterMs: 0 }

/**
 * Watches whether a store answers, so that leases do not end while it cannot.
 *
 * A holder cannot extend its lease, or mark its event, during an outage. When the store is back, its waiting mark would
 * race with the claims of retries. So for half a lease after an outage, claims leave the leases alone that ended since
 * the last answer before it: holders that live extend at a third of the lease, and retry marks at a tenth.
 */
export class OutageWatch {
  readonly #options: OutageWatchOptions
  #answeredAt = Number.NEGATIVE_INFINITY
  /** When the first call was made that the store has not answered, nor any later one. */
  #waitingSince: number | undefined
  #hasFailed = false
  #outage: { readonly from: number; readonly until: number } | undefined

  constructor(options: OutageWatchOptions) {
    this.#options = options
  }

  /** Makes a call of the store, and resolves as it does. */
  async watch<T>(call: () => Promise<T>): Promise<T> {
    this.#waitingSince ??= performance.now()
    try {
      const answer = await call()
      this.#answered()
      return answer
    } catch (error) {
      if (this.#options.isAnswer?.(error)) this.#answered()
      else this.#hasFailed = true
      throw error
    }
  }

  /** Returns how a claim that is sent now treats leases of this length. */
  protection(leaseMs: number): Protection {
    const now = performance.now()
    const waitMs = leaseMs / 2
    if (this.#isOut(now)) return { graceMs: now - this.#answeredAt, retryAfterMs: waitMs }
    const { from, until } = this.#outage ?? { from: now, until: Number.NEGATIVE_INFINITY }
    if (now >= until + waitMs) return NO_PROTECTION
    return { graceMs: now - from, retryAfterMs: until + waitMs - now }
  }

  #isOut(now: number): boolean {
    return this.#hasFailed || (this.#waitingSince !== undefined && now - this.#waitingSince > SLOW_MS)
  }

  #answered(): void {
    const now = performance.now()
    if (this.#isOut(now)) this.#outage = { from: this.#answeredAt, until: now }
    this.#answeredAt = now
    this.#waitingSince = undefined
    this.#hasFailed = false
    this.#options.onAnswer()
  }
}
