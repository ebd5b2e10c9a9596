/** An action at a given time, unless it is stopped before. */
export interface Timeout {
  readonly dueAt: number
  readonly act: () => void
}

/** The limit of Node's timers, about 24 days. A longer timer would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Runs timeouts that are nearly always stopped early. All of them share one platform timer, set for the next one.
 *
 * A delivery has three timeouts, and three platform timers would take longer than its signature. The timer does not keep
 * the process alive.
 */
export class Timeouts {
  readonly #waiting = new Set<Timeout>()
  #timer: NodeJS.Timeout | undefined
  #wakesAt = Number.POSITIVE_INFINITY

  /** Calls `act` in `ms` milliseconds. */
  start(ms: number, act: () => void): Timeout {
    const timeout = { dueAt: performance.now() + ms, act }
    this.#waiting.add(timeout)
    if (timeout.dueAt < this.#wakesAt) this.#wakeAt(timeout.dueAt)
    return timeout
  }

  /** Stops a timeout. The platform timer keeps running, because it may serve the next timeout. */
  stop(timeout: Timeout): void {
    this.#waiting.delete(timeout)
  }

  #wakeAt(at: number): void {
    clearTimeout(this.#timer)
    this.#wakesAt = at
    this.#timer = setTimeout(() => this.#actOnDue(), Math.min(at - performance.now(), LONGEST_TIMER_MS))
    this.#timer.unref?.()
  }

  #actOnDue(): void {
    const now = performance.now()
    const due: Timeout[] = []
    let next = Number.POSITIVE_INFINITY
    for (const timeout of this.#waiting) {
      if (timeout.dueAt <= now) due.push(timeout)
      else next = Math.min(next, timeout.dueAt)
    }
    this.#wakesAt = Number.POSITIVE_INFINITY
    if (next < this.#wakesAt) this.#wakeAt(next)
    for (const timeout of due) if (this.#waiting.delete(timeout)) timeout.act()
  }
}
