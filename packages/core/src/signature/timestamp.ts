import { signatureRepeated, timestampInvalid } from '../errors.js'
import type { HeaderReader } from '../request/webhook-request.js'

/**
 * How a time is written: `'unix-seconds'`; `'unix'`, seconds or milliseconds, told apart by their size; `'iso'`, ISO
 * 8601 with an offset.
 */
export type TimeFormat = 'unix-seconds' | 'unix' | 'iso'

export interface TimestampOptions {
  /** The header that says when this delivery was sent, in any case. */
  readonly header: string
  readonly format: TimeFormat
  /** A delivery that is older is refused. */
  readonly maxAgeSeconds: number
  /** A delivery from further in the future is refused. */
  readonly maxAheadSeconds: number
}

/** Checks when a delivery was sent. */
export class Timestamp {
  readonly header: string
  readonly #format: TimeFormat
  readonly maxAgeSeconds: number
  readonly maxAheadSeconds: number

  constructor(provider: string, options: TimestampOptions) {
    this.header = options.header.toLowerCase()
    this.#format = options.format
    this.maxAgeSeconds = checkTolerance(`${provider}: maxAgeSeconds`, options.maxAgeSeconds)
    this.maxAheadSeconds = checkTolerance(`${provider}: maxAheadSeconds`, options.maxAheadSeconds)
  }

  /** From when a time is first within the window to when it is last, in milliseconds. Ages count by whole seconds. */
  get windowMs(): number {
    return (this.maxAgeSeconds + this.maxAheadSeconds + 1) * 1000
  }

  /** When the delivery was sent, in milliseconds since 1970; throws when that is outside the window, or no time. */
  check(headers: HeaderReader, nowMs: number): number {
    const text = headers.header(this.header)
    const sentAtMs = text === undefined ? undefined : parseTime(text, this.#format)
    if (sentAtMs === undefined) throw this.#unreadable(text)
    const ageMs = nowMs - sentAtMs
    // In the whole seconds that senders write and compare: 300.9 s is an age of 300, and 300.1 s ahead are 301.
    const ageSeconds = Math.floor(ageMs / 1000)
    if (ageSeconds > this.maxAgeSeconds) {
      throw timestampInvalid(`The delivery is ${ageSeconds} s old; maxAgeSeconds is ${this.maxAgeSeconds}.`, ageMs)
    }
    if (-ageSeconds > this.maxAheadSeconds) {
      throw timestampInvalid(
        `The delivery comes from ${-ageSeconds} s ahead of this clock; maxAheadSeconds is ${this.maxAheadSeconds}.`,
        ageMs,
      )
    }
    return sentAtMs
  }

  #unreadable(text: string | undefined) {
    if (text === undefined) return timestampInvalid(`The header ${this.header} is missing.`)
    // A comma may also be a part of a time of another form, such as a date of HTTP.
    const isRepeated =
      text.includes(',') && text.split(',').some((part) => parseTime(part.trim(), this.#format) !== undefined)
    if (isRepeated) return signatureRepeated(this.header)
    return timestampInvalid(`The header ${this.header} is not a time of the form ${this.#format}.`)
  }
}

/** Milliseconds since 1970; undefined for anything that is not exactly a time of that form. */
export function parseTime(text: string, format: TimeFormat): number | undefined {
  if (format === 'iso') return parseIsoTime(text)
  if (!/^\d{1,15}$/.test(text)) return undefined
  const value = Number(text)
  const isMilliseconds = format === 'unix' && value >= SMALLEST_MILLISECONDS
  return isMilliseconds ? value : value * 1000
}

/** As seconds the year 5138, as milliseconds March 1973: no sender's clock can mean the other unit. */
const SMALLEST_MILLISECONDS = 100_000_000_000

function parseIsoTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

function checkTolerance(label: string, seconds: number): number {
  if (Number.isFinite(seconds) && seconds > 0) return seconds
  throw new TypeError(`${label} must be a number of seconds above 0; there is no way to switch the check off`)
}
