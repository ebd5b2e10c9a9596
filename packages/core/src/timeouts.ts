/** Something to be done at its time, unless it is stopped before. */
export interface Timeout {
  readonly dueAt: number
  readonly act: () => void
}

/** Node's timers take no more, about 24 days; a longer one goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Timeouts that are nearly always stopped: of all that wait, only the next one has a timer of the platform's.
 *
 * A delivery has three of them, and a timer of its own for each would take longer than its signature. They do not keep
 * the process from ending.
 */
export class Timeouts {
  readonly #waiting = new Set<Timeout>()
  #timer: NodeJS.Timeout | undefined
  #wakesAt = Number.POSITIVE_INFINITY

  /** To act in so many milliseconds. */
  start(ms: number, act: () => void): Timeout {
    const timeout = { dueAt: performance.now() + ms, act }
    this.#waiting.add(timeout)
    if (timeout.dueAt < this.#wakesAt) this.#wakeAt(timeout.dueAt)
    return timeout
  }

  /** The timer goes on: sooner or later it finds out, and it may serve the next one. */
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
