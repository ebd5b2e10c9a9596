import { printableJson } from '@mailbox-hooks/core/queue'
import { expect, it } from 'vitest'

it.each([
  '\x1b[31m',
  '\x9b2J',
  '\x7f\x85',
  'one\u2028two\u2029',
  '\u202egnp.exe\u2066',
  '\u{e0041}tag',
  'Zürich 🎉 "\\n"',
])('JSON of %j has no character that a terminal obeys, and stands for the same value', (text) => {
  const value = { [text]: [text] }
  for (const json of [printableJson(value), printableJson(value, 2).replaceAll('\n', '')]) {
    expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(JSON.parse(json)).toEqual(value)
  }
})
