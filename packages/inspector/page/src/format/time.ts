const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** Returns the time of day to the millisecond. */
export const clockTime = (at: number): string => `${CLOCK.format(at)}.${String(at % 1000).padStart(3, '0')}`

export const dayOf = (at: number): string => DAY.format(at)

export const dateTime = (at: number): string => `${dayOf(at)}, ${clockTime(at)}`

/** Returns a duration to three digits. */
export function durationText(ms: number): string {
  if (ms < 10) return `${round(ms, ms < 1 ? 2 : 1)} ms`
  if (ms < 1000) return `${round(ms, 0)} ms`
  if (ms < 60_000) return `${round(ms / 1000, ms < 10_000 ? 2 : 1)} s`
  return lengthText(ms)
}

/** Returns how long ago something was. */
export function agoText(at: number, now: number): string {
  const ms = now - at
  return ms < 5000 ? 'just now' : `${lengthText(ms)} ago`
}

export function untilText(at: number, now: number): string {
  const ms = at - now
  return ms <= 0 ? 'now' : `in ${lengthText(ms)}`
}

function lengthText(ms: number): string {
  const minutes = ms / 60_000
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`
  if (minutes < 60) return `${Math.floor(minutes)} min`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`
  return `${Math.floor(minutes / 1440)} d`
}

const round = (value: number, digits: number) => String(Number(value.toFixed(digits)))
