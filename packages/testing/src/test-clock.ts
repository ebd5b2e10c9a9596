/** A clock that goes only when it is told to. */
export interface TestClock {
  /** Milliseconds since 1970. Needs no `this`, so that it can be handed over as it is. */
  readonly now: () => number
  /** Goes forward by so many milliseconds. */
  readonly advance: (ms: number) => void
  /** Goes to a time, forward or back. */
  readonly set: (at: Date | number) => void
}

/**
 * Creates a clock that stands still at `start`. Default: the present.
 *
 * @example
 * const clock = testClock()
 * const receive = webhooks({ providers, now: clock.now })
 * clock.advance(301_000) // what was signed before is now too old
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
