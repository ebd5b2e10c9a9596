const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The waits of Svix after failed attempts: 5 s, 5 and 30 min, 2, 5, 10 and 10 h. */
export const SVIX_RETRIES_MS: readonly number[] = [
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  10 * HOUR_MS,
]
