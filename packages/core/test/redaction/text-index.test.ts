import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Range, TextIndex } from '../../src/redaction/text-index.js'

const found = (texts: readonly string[], text: string, isCut = false) => [...new TextIndex(texts).find(text, isCut)]

/** The same, by comparing each text at each place. */
function foundSlowly(texts: readonly string[], text: string, isCut: boolean): readonly Range[] {
  return Array.from({ length: Math.max(0, text.length - 3) }, (_, start) => {
    const rest = text.slice(start)
    const fitting = texts.filter((wanted) => rest.startsWith(wanted)).map(({ length }) => length)
    const isBegun = isCut && texts.some((wanted) => wanted.length > rest.length && wanted.startsWith(rest))
    return { start, end: isBegun ? text.length : start + Math.max(0, ...fitting) }
  }).filter(({ start, end }) => end > start)
}

describe('an index of texts', () => {
  it('finds the longest one at each place', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 24 })
    const texts = fc.array(
      letters.filter((text) => text.length >= 4),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(texts, letters, fc.boolean(), (texts, text, isCut) => {
        expect(found(texts, text, isCut)).toEqual(foundSlowly(texts, text, isCut))
      }),
      { numRuns: 400, seed: 1 },
    )
  })

  it.each<[string, readonly string[], string, readonly Range[]]>([
    ['at the end', ['abcd'], 'xabcd', [{ start: 1, end: 5 }]],
    ['alone', ['abcd'], 'abcd', [{ start: 0, end: 4 }]],
    ['nowhere, where the text is shorter', ['abcd'], 'abc', []],
    ['where another one begins with it', ['abcd', 'abcdef'], 'abcdex', [{ start: 0, end: 4 }]],
    [
      'where others lie between in order',
      ['abcd', 'abcdaaaa', 'abcdbbbb', 'abcdcccc'],
      'abcdbbbz',
      [{ start: 0, end: 4 }],
    ],
    ['with no text to look for', [], 'abcdefgh', []],
  ])('finds one %s', (_where, texts, text, ranges) => {
    expect(found(texts, text)).toEqual(ranges)
  })

  // Where the first 256 characters stand, all of it is taken to stand.
  it('compares the first 256 characters of a long one, and takes the longest that begins with them', () => {
    const alike = 'ab'.repeat(128)
    const texts = [`${alike}cd`, `${alike}cdefgh`, `${alike}x`]
    expect(found(texts, `${alike}zzzzzzzzzzzz`)).toContainEqual({ start: 0, end: 262 })
    expect(found(texts, `${alike}z`)).toContainEqual({ start: 0, end: 257 })
    expect(found(texts, `${alike.slice(1)}zzzz`)).toEqual([])
  })

  it('finds one that was cut off at the end, if the text was', () => {
    expect(found(['planted-secret'], 'a planted', true)).toEqual([{ start: 2, end: 9 }])
    expect(found(['planted-secret'], 'a planted', false)).toEqual([])
    expect(found(['planted-secret'], 'a pla', true)).toEqual([])
    expect(found(['planted-secret'], 'a planted and', true)).toEqual([])
  })
})
