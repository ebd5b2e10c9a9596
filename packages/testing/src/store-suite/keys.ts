import { expect, it } from 'vitest'
import { titled } from '../titled.js'
import { type Bench, granted, LONG_MS, statusOf } from './fixture.js'

const LONG_KEY = 'k'.repeat(4095)

/** Pairs of keys that a store could confuse or reject. */
export const PAIRS = [
  { what: 'upper and lower case', key: 'openmail:evt_a', neighbour: 'openmail:evt_A' },
  { what: 'an accent', key: 'openmail:cafe', neighbour: 'openmail:café' },
  { what: 'composed and decomposed accents', key: 'openmail:caf\u00e9', neighbour: 'openmail:cafe\u0301' },
  { what: 'ß and ss', key: 'openmail:straße', neighbour: 'openmail:strasse' },
  { what: 'emoji', key: 'openmail:📬', neighbour: 'openmail:📭' },
  { what: 'lone surrogates', key: 'openmail:\ud800', neighbour: 'openmail:\udfff' },
  { what: 'a lone surrogate and its replacement', key: 'openmail:\udfff', neighbour: 'openmail:\ufffd' },
  { what: 'NUL', key: 'openmail:a\0b', neighbour: 'openmail:a\0c' },
  { what: 'nothing and NUL', key: 'openmail:a', neighbour: 'openmail:a\0' },
  { what: 'a trailing space', key: 'openmail:a', neighbour: 'openmail:a ' },
  { what: 'a line break', key: 'openmail:a\nb', neighbour: 'openmail:a\r\nb' },
  { what: 'single quotes', key: "openmail:'a'", neighbour: "openmail:''a''" },
  { what: 'double quotes', key: 'openmail:"a"', neighbour: 'openmail:""a""' },
  { what: 'backslashes', key: 'openmail:\\a', neighbour: 'openmail:\\\\a' },
  { what: 'per cent', key: 'openmail:%', neighbour: 'openmail:%%' },
  { what: 'wildcards', key: 'openmail:*', neighbour: 'openmail:_' },
  { what: 'placeholders', key: 'openmail:$1?', neighbour: 'openmail::1?' },
  { what: 'braces', key: 'openmail:{a}b', neighbour: 'openmail:{a}c' },
  { what: 'statements', key: "openmail:'; DROP TABLE x; --", neighbour: "openmail:'; DROP TABLE y; --" },
  { what: '4 kB that differ in the last character', key: `${LONG_KEY}a`, neighbour: `${LONG_KEY}b` },
]

export function keyTests(bench: Bench): void {
  it.each(titled(PAIRS, 'what'))('tells keys apart that differ by: %s', async ({ key, neighbour }) => {
    const token = await granted(bench.store, key)
    const other = await granted(bench.store, neighbour)
    expect(await bench.store.complete(key, token, LONG_MS)).toBe(true)
    expect(await statusOf(bench.store, key)).toBe('done')
    expect(await statusOf(bench.store, neighbour)).toBe('in-flight')
    expect(await bench.store.release(neighbour, other)).toBe(true)
  })
}
