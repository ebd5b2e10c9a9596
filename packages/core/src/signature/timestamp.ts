import { signatureRepeated, timestampInvalid } from '../errors.js'
import { parseIsoTime } from './iso-time.js'
import type { TimePlace } from './places.js'

/**
 * The format of a time. `'unix'` is seconds or milliseconds, told apart by their size. `'iso'` is ISO 8601 with an offset.
 */
export type TimeFormat = 'unix-seconds' | 'unix-milliseconds' | 'unix' | 'iso'

/** Exactly one of `header`, `pair` and `field` says where the time stands; none where `families` does. */
export interface TimestampOptions extends TimePlace {
  readonly format: TimeFormat
  /** Limits how old a delivery may be. */
  readonly maxAgeSeconds: number
  /** Limits how far ahead of this machine's clock a delivery may be. */
  readonly maxAheadSeconds: number
  /**
   * Says whether each attempt has a time of its own. Where it is false, the window must be as long as the provider keeps
   * retrying. Default true.
   */
  readonly perAttempt?: boolean
}

/** Checks the timestamp of a delivery. */
export class Timestamp {
  readonly #title: string
  readonly #format: TimeFormat
  readonly maxAgeSeconds: number
  readonly maxAheadSeconds: number

  constructor(provider: string, options: TimestampOptions) {
    this.#title = titleOf(options)
    this.#format = options.format
    this.maxAgeSeconds = checkTolerance(`${provider}: maxAgeSeconds`, options.maxAgeSeconds)
    this.maxAheadSeconds = checkTolerance(`${provider}: maxAheadSeconds`, options.maxAheadSeconds)
  }

  /** Returns how long a timestamp stays within the window, in milliseconds. Ages count in whole seconds. */
  get windowMs(): number {
    return (this.maxAgeSeconds + this.maxAheadSeconds + 1) * 1000
  }

  /** Returns the time of the delivery, in milliseconds since 1970. Throws if it is malformed or outside the window. */
  check(text: string | undefined, nowMs: number): number {
    const sentAtMs = text === undefined ? undefined : parseTime(text, this.#format)
    if (sentAtMs === undefined) throw this.#unreadable(text)
    const ageMs = nowMs - sentAtMs
    // Whole seconds, as senders write and compare them: an age of 300.9 s counts as 300, and 300.1 s ahead as 301.
    const ageSeconds = Math.floor(ageMs / 1000)
    if (ageSeconds > this.maxAgeSeconds) {
      throw timestampInvalid(`The delivery is ${ageSeconds} s old; maxAgeSeconds is ${this.maxAgeSeconds}.`, ageMs)
    }
    if (-ageSeconds > this.maxAheadSeconds) {
      throw timestampInvalid(
        `The delivery is ${-ageSeconds} s ahead of this clock; maxAheadSeconds is ${this.maxAheadSeconds}.`,
        ageMs,
      )
    }
    return sentAtMs
  }

  #unreadable(text: string | undefined) {
    if (text === undefined) return timestampInvalid(`The ${this.#title} is missing.`)
    // A comma may also belong to a time in another format, such as an HTTP date.
    const isRepeated =
      text.includes(',') && text.split(',').some((part) => parseTime(part.trim(), this.#format) !== undefined)
    if (isRepeated) return signatureRepeated(this.#title)
    return timestampInvalid(`The ${this.#title} is not a time in the format ${this.#format}.`)
  }
}

/** Returns milliseconds since 1970, or undefined if the text is not exactly in that format. */
export function parseTime(text: string, format: TimeFormat): number | undefined {
  if (format === 'iso') return parseIsoTime(text)
  // No zeros before it: one time has one spelling.
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) return undefined
  const value = Number(text)
  const isMilliseconds = format === 'unix-milliseconds' || (format === 'unix' && value >= SMALLEST_MILLISECONDS)
  return isMilliseconds ? value : value * 1000
}

/** Separates seconds from milliseconds: as seconds it is the year 5138, as milliseconds March 1973. */
const SMALLEST_MILLISECONDS = 100_000_000_000

function checkTolerance(label: string, seconds: number): number {
  if (Number.isFinite(seconds) && seconds > 0) return seconds
  throw new TypeError(`${label} must be a number of seconds above 0; the check cannot be switched off`)
}

function titleOf({ header, pair, field }: TimePlace): string {
  if (pair !== undefined) return `time ${pair}= of the signature header`
  if (field !== undefined) return `field ${field}`
  return header === undefined ? 'header with the time' : `header ${header.toLowerCase()}`
}
