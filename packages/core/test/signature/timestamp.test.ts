import { describe, expect, it } from 'vitest'
import { Timestamp } from '../../src/signature/timestamp.js'

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
