import { EXIT, Failure } from '../failure.js'

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3600_000, d: 24 * 3600_000 }

/** Reads a time: ISO 8601, or how long ago it was (`90s`, `30m`, `2h`, `7d`). Returns milliseconds since 1970. */
export function readTime(text: string, now = Date.now()): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return now - Number(count) * UNITS[unit]!
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isFinite(time)) return time
  throw new Failure(`${JSON.stringify(text)} is not a time. Write 2026-11-28T08:00Z, or 30m, 2h, 7d ago.`, EXIT.usage)
}
