/** A clock that moves only on request. */
export interface TestClock {
  /** Returns the time, in milliseconds since 1970. It needs no `this`, so you can pass it as `now`. */
  readonly now: () => number
  /** Moves the clock forward by `ms` milliseconds. */
  readonly advance: (ms: number) => void
  /** Sets the clock to a time, forward or back. */
  readonly set: (at: Date | number) => void
}

/**
 * Creates a clock that is stopped at `start`. Default: now.
 *
 * @example
 * const clock = testClock()
 * const receive = webhooks({ providers, now: clock.now })
 * clock.advance(301_000) // earlier signatures are now too old
 */
export function testClock(start: Date | number = Date.now()): TestClock {
  let nowMs = Number(start)
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms
    },
    set: (at) => {
      nowMs = Number(at)
    },
  }
}
