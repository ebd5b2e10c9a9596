/**
 * How much of a refused body is read and thrown away, and for how long. A sender whose connection is closed while it
 * still sends loses the answer: a proxy makes a 502 of it, a client `ECONNRESET`.
 */
export interface DrainLimits {
  readonly bytes: number
  /** From the refusal on. */
  readonly totalMs: number
  /** Without a byte. */
  readonly idleMs: number
}

/** Senders that announce somewhat more than `limitBytes` get their 413. */
const BYTES_ABOVE_LIMIT = 2_000_000

/** As nginx does it when it closes a connection, and shorter. */
export const drainLimits = (limitBytes: number): DrainLimits => ({
  bytes: limitBytes + BYTES_ABOVE_LIMIT,
  totalMs: 10_000,
  idleMs: 2_000,
})
