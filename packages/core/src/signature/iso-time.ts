/** ISO 8601 with an offset. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/

const TO_THE_SECOND = '2026-01-31T23:59:59Z'.length
const TO_THE_MILLISECOND = '2026-01-31T23:59:59.999Z'.length

/** Returns milliseconds since 1970, or undefined if the text is not exactly in that format. */
export function parseIsoTime(text: string): number | undefined {
  if (!ISO.test(text)) return undefined
  const ms = usualTime(text) ?? Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

/**
 * Computes a time in UTC, to the second or the millisecond, because `Date.parse` takes 3 % of a whole delivery. Returns
 * undefined for what takes a calendar: the last days of a month, and numbers that are out of their range.
 */
function usualTime(text: string): number | undefined {
  const isToTheSecond = text.length === TO_THE_SECOND
  if (!(isToTheSecond || text.length === TO_THE_MILLISECOND) || !text.endsWith('Z')) return undefined
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const isInRange = month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour <= 23 && minute <= 59 && second <= 59
  // `Date.UTC` takes a year below 100 for one of the last century.
  if (!isInRange || year < 100) return undefined
  const ms = isToTheSecond ? 0 : twoDigits(text, 20) * 10 + digit(text, 22)
  return Date.UTC(year, month - 1, day, hour, minute, second, ms)
}

const digit = (text: string, at: number) => text.charCodeAt(at) - 48

const twoDigits = (text: string, at: number) => digit(text, at) * 10 + digit(text, at + 1)
