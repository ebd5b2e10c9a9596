import { describe, expect, it } from 'vitest'
import { parseTime, type TimeFormat, Timestamp } from '../../src/signature/timestamp.js'

const NOW = 1_711_015_501_250

const unix = new Timestamp('acme', {
  header: 'X-Time',
  format: 'unix-seconds',
  maxAgeSeconds: 300,
  maxAheadSeconds: 300,
})
const iso = new Timestamp('acme', { header: 'X-Time', format: 'iso', maxAgeSeconds: 300, maxAheadSeconds: 300 })
const check = (timestamp: Timestamp, text: string) => () => timestamp.check(text, NOW)

describe('a window of 300 seconds', () => {
  const second = Math.floor(NOW / 1000)

  it.each([-300, 0, 300])('holds a second that is %i from the one it is', (distance) => {
    expect(check(unix, String(second + distance))()).toBe((second + distance) * 1000)
  })

  it.each([
    [-301, 'is 301 s old'],
    [301, 'is 301 s ahead'],
  ])('does not hold one that is %i from it', (distance, message) => {
    expect(check(unix, String(second + distance))).toThrow(message)
  })
})

describe('a time that cannot be read', () => {
  it.each([
    ['a date of HTTP', unix, 'Thu, 21 Mar 2024 10:05:01 GMT'],
    ['a fraction behind a comma', iso, '2024-03-21T10:05:01,25Z'],
  ])('is no time: %s', (_what, timestamp, text) => {
    expect(check(timestamp, text)).toThrow(/not a time in the format/)
  })

  it.each([
    ['two times', unix, '1711015501, 1711015501'],
    ['two dates', iso, '2024-03-21T10:05:01Z, 2024-03-21T10:05:01Z'],
    ['a time and something else', unix, '1711015501, x'],
  ])('is a header that is there twice: %s', (_what, timestamp, text) => {
    expect(check(timestamp, text)).toThrow(expect.objectContaining({ code: 'signature_repeated' }))
  })
})

describe('the format of a time', () => {
  it.each<[TimeFormat, string, number | undefined]>([
    ['unix-seconds', '1711015501', 1_711_015_501_000],
    ['unix-seconds', '0', 0],
    ['unix-seconds', '1711015501250', 1_711_015_501_250_000],
    ['unix-milliseconds', '1711015501250', 1_711_015_501_250],
    ['unix-milliseconds', '1711015501', 1_711_015_501],
    ['unix', '99999999999', 99_999_999_999_000],
    ['unix', '100000000000', 100_000_000_000],
    ['unix', '1711015501', 1_711_015_501_000],
    ['unix', '1711015501250', 1_711_015_501_250],
    ['unix', '999999999999999', 999_999_999_999_999],
    ['unix', '1000000000000000', undefined],
    ['iso', '2024-03-21T10:05:01Z', 1_711_015_501_000],
    ['iso', '2024-03-21T10:05:01.25Z', 1_711_015_501_250],
    ['iso', '2024-03-21T10:05:01.250000000Z', 1_711_015_501_250],
    ['iso', '2024-03-21T11:05:01+01:00', 1_711_015_501_000],
    ['iso', '2024-03-21T09:05:01-0100', 1_711_015_501_000],
    ['iso', '2024-03-21T10:05:01', undefined],
    ['iso', '2024-03-21 10:05:01Z', undefined],
    ['iso', '2024-03-21T10:05Z', undefined],
    ['iso', '2024-13-21T10:05:01Z', undefined],
    ['iso', '2024-03-21T10:05:01.Z', undefined],
    ['iso', '2024-03-21T10:05:01.2500000000Z', undefined],
    ['iso', '2024-03-21T10:05:01+1:00', undefined],
    ['iso', ' 2024-03-21T10:05:01Z', undefined],
    ['iso', '2024-03-21T10:05:01Z ', undefined],
    ['iso', '1711015501', undefined],
    ['iso', '+002024-03-21T10:05:01Z', undefined],
    ...['', '01', '-1', '1.5', '1e9', ' 1', '1 ', 'x', '١'].map(
      (text) => ['unix', text, undefined] as [TimeFormat, string, undefined],
    ),
  ])('%s reads %j as %o', (format, text, ms) => {
    expect(parseTime(text, format)).toBe(ms)
  })
})

describe('a time in ISO 8601', () => {
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  const times = [0, 1, 12, 13].flatMap((month) =>
    [0, 1, 28, 29, 30, 31, 32].flatMap((day) =>
      ['0000', '0099', '0100', '1969', '2024', '9999'].flatMap((year) =>
        ['00:00:00', '23:59:59', '24:00:00', '10:60:00', '10:00:60'].flatMap((time) =>
          ['', '.007', '.12', '.999', '.1234'].flatMap((fraction) =>
            ['Z', '+02:30', '-0100'].map(
              (offset) => `${year}-${twoDigits(month)}-${twoDigits(day)}T${time}${fraction}${offset}`,
            ),
          ),
        ),
      ),
    ),
  )

  it('is the one that Date.parse reads', () => {
    const read = times.map((time) => [time, parseTime(time, 'iso')])
    const expected = times.map((time) => [time, Number.isNaN(Date.parse(time)) ? undefined : Date.parse(time)])
    expect(read).toEqual(expected)
  })

  it('has a digit or its separator in each place', () => {
    for (const time of ['2026-01-15T12:34:56Z', '2026-01-15T12:34:56.789Z']) {
      const wrong = [...time].flatMap((right, at) =>
        // The neighbours of the digits are among them.
        [...'/:-.TZ x٣'].flatMap((other) => (other === right ? [] : time.slice(0, at) + other + time.slice(at + 1))),
      )
      expect(wrong.filter((text) => parseTime(text, 'iso') !== undefined)).toEqual([])
    }
  })
})

describe('a window', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '300'])('cannot be of %o seconds', (seconds) => {
    for (const name of ['maxAgeSeconds', 'maxAheadSeconds']) {
      const options = { format: 'iso' as const, maxAgeSeconds: 1, maxAheadSeconds: 1, [name]: seconds }
      expect(() => new Timestamp('acme', options)).toThrow(
        `acme: ${name} must be a number of seconds above 0; the check cannot be switched off`,
      )
    }
  })

  it('is as long as both of its sides, and the second that is counted whole', () => {
    expect(new Timestamp('acme', { format: 'iso', maxAgeSeconds: 300, maxAheadSeconds: 60 }).windowMs).toBe(361_000)
  })

  it.each([
    [{ header: 'X-Time' }, 'header x-time'],
    [{ pair: 't' }, 'time t= of the signature header'],
    [{ field: 'sig.time' }, 'field sig.time'],
    [{}, 'header with the time'],
  ])('names the place of its time, %o, as the %s', (place, title) => {
    const timestamp = new Timestamp('acme', { ...place, format: 'iso', maxAgeSeconds: 1, maxAheadSeconds: 1 })
    expect(() => timestamp.check(undefined, NOW)).toThrow(`The ${title} is missing.`)
    expect(() => timestamp.check('soon', NOW)).toThrow(`The ${title} is not a time in the format iso.`)
  })
})
