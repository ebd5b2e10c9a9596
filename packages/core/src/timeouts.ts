/** An action at a given time, unless it is stopped before. */
export interface Timeout {
  timer: NodeJS.Timeout
}

/** The limit of Node's timers, about 24 days. A longer timer would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Runs timeouts that are nearly always stopped early. They do not keep the process alive.
 *
 * Each timeout has a platform timer of its own. On Cloudflare Workers a timer ends with the request that set it, so a shared
 * timer would leave other requests without theirs.
 */
export class Timeouts {
  readonly #waitUntil: ((work: Promise<unknown>) => void) | undefined

  /** `waitUntil` is the platform's own, if it ends timers with their request. */
  constructor(waitUntil?: (work: Promise<unknown>) => void) {
    this.#waitUntil = waitUntil
  }

  /** Keeps the request alive until some work after its answer has ended. Never throws. */
  waitUntil(work: Promise<unknown>): void {
    try {
      this.#waitUntil?.(work)
    } catch {
      // The work goes on as far as the platform lets it.
    }
  }

  /** Calls `act` in `ms` milliseconds. */
  start(ms: number, act: () => void): Timeout {
    if (ms <= LONGEST_TIMER_MS) return { timer: unrefd(act, ms) }
    const dueAt = performance.now() + ms
    const wait = (): NodeJS.Timeout => {
      const left = dueAt - performance.now()
      if (left <= LONGEST_TIMER_MS) return unrefd(act, left)
      return unrefd(() => {
        timeout.timer = wait()
      }, LONGEST_TIMER_MS)
    }
    const timeout = { timer: wait() }
    return timeout
  }

  stop({ timer }: Timeout): void {
    clearTimeout(timer)
  }
}

function unrefd(act: () => void, ms: number): NodeJS.Timeout {
  const timer = setTimeout(act, ms)
  timer.unref?.()
  return timer
}
