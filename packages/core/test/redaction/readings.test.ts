import { describe, expect, it } from 'vitest'
import { foldText } from '../../src/redaction/fold-text.js'
import { readEncodings } from '../../src/redaction/read-encodings.js'
import { addUtf8 } from '../../src/redaction/read-utf8.js'
import { plainView, type TextView, ViewBuilder } from '../../src/redaction/text-view.js'
import { undoEscapes } from '../../src/redaction/undo-escapes.js'

/** Of each character, the part of the text that it stands for. */
const partsOf = ({ from, to }: TextView) => Array.from(from, (start, at) => [start, to[at]])

describe('a folded text', () => {
  it.each<[string, string, readonly (readonly number[])[]]>([
    [
      'Ab',
      'ab',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      'a b',
      'ab',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['-', '', []],
    [
      'ﬁ',
      'fi',
      [
        [0, 1],
        [0, 1],
      ],
    ],
    [
      '𝐀b',
      'ab',
      [
        [0, 2],
        [2, 3],
      ],
    ],
    [
      '\ud800\udc00',
      '\ud800\udc00',
      [
        [0, 2],
        [0, 2],
      ],
    ],
    [
      '\udbff\udfff',
      '\udbff\udfff',
      [
        [0, 2],
        [0, 2],
      ],
    ],
    [
      'a\ud835',
      'a\ud835',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      '\udc00b',
      '\udc00b',
      [
        [0, 1],
        [1, 2],
      ],
    ],
  ])('has no case, space or sign, and knows where its characters stood: %j', (text, folded, parts) => {
    const view = foldText(plainView(text))
    expect([view.text, partsOf(view)]).toEqual([folded, parts])
  })
})

describe('a text without its escapes', () => {
  it.each<[string, string]>([
    ['%41%42', 'AB'],
    ['a%41b%42', 'aAbB'],
    ['%c3%A4', 'ä'],
    ['%c3x%a4', 'Ãx¤'],
    ['%41&amp;%42', 'A&B'],
    ['\\x41\\xe4', 'Aä'],
    ['\\u00e4\\u{1F389}', 'ä🎉'],
    ['\\101\\303\\244\\501', 'AäA'],
    ['\\"\\/\\\\', '"/\\'],
    ['a\\nb\\tc\\r\\f\\v\\b\\0', 'a b c     '],
    ['\\c', 'c'],
    ['&#65;&#x42;&#X43;', 'ABC'],
    ['&lt;&GT;&quot;&apos;&nbsp;&amp;', '<>"\'\u0020&'],
    ['&#1114111;&#1114112;|\\u{10ffff}\\u{110000}|&#x110000;', '\u{10ffff}|\u{10ffff}|'],
    ['\x1b[31mred\x1b[0m', 'red'],
  ])('%j reads %j', (text, undone) => {
    expect(undoEscapes(plainView(text)).text).toBe(undone)
  })

  it('knows where its characters stood', () => {
    const view = undoEscapes(plainView('a%c3%a4\\u0041b%42'))
    expect(view.text).toBe('aäAbB')
    expect(partsOf(view)).toEqual([
      [0, 1],
      [1, 7],
      [7, 13],
      [13, 14],
      [14, 17],
    ])
  })

  it('is the same where it has none', () => {
    const view = plainView('100 % of it & more')
    expect(undoEscapes(view)).toBe(view)
  })
})

describe('bytes as UTF-8', () => {
  const textOf = (bytes: readonly number[]) => {
    const view = new ViewBuilder()
    const places = bytes.map((_, at) => at)
    addUtf8(view, { bytes: [...bytes], from: places, to: places.map((at) => at + 1) })
    return view
  }

  it.each(['\0', '\x7f', '\x80', '\u07ff', '\u0800', '\uffff', '\u{10000}', '\u{3ffff}', '\u{40000}', '\u{10ffff}'])(
    'are the characters that they spell: %j',
    (character) => {
      const bytes = [...Buffer.from(character)]
      const view = textOf([...bytes, 0x41])
      expect(view.text).toBe(`${character}A`)
      expect(partsOf(view)[0]).toEqual([0, bytes.length])
      expect(partsOf(view).at(-1)).toEqual([bytes.length, bytes.length + 1])
    },
  )

  it.each([
    ['80', 'a byte that goes on'],
    ['c080', 'a character with a byte too many'],
    ['c1bf', 'the last of these'],
    ['c241', 'a character that does not go on'],
    ['e28241', 'one that ends early'],
    ['e282', 'one that ends with the text'],
    ['f09f8e', 'another one that ends with the text'],
    ['f4908080', 'a character behind the last'],
    ['f5808080', 'a byte that begins none'],
    ['ff', 'the last byte'],
  ])('that are none are those of Latin-1: %s, %s', (hex) => {
    expect(textOf([...Buffer.from(hex, 'hex')]).text).toBe(Buffer.from(hex, 'hex').toString('latin1'))
  })
})

describe('what is encoded in a text', () => {
  const readAs = (text: string, wanted: string) => {
    const view = [...readEncodings(plainView(text))].find((view) => view.text.includes(wanted))
    const at = view?.text.indexOf(wanted) ?? -1
    return view && partsOf(view).slice(at, at + wanted.length)
  }

  it('in hex knows the digits of each byte', () => {
    expect(readAs('a 706c616e', 'plan')).toEqual([
      [2, 4],
      [4, 6],
      [6, 8],
      [8, 10],
    ])
    expect(readAs('a 0x70, 0x6C, 0x61, 0x6E', 'plan')).toEqual([
      [4, 6],
      [10, 12],
      [16, 18],
      [22, 24],
    ])
    expect(readAs('a f706c616e', 'plan')).toEqual([
      [3, 5],
      [5, 7],
      [7, 9],
      [9, 11],
    ])
  })

  it('in base64 knows the digits of which a byte has bits', () => {
    const bytesFrom = (at: number) => [0, 1, 1, 2, 2, 3, 4, 5, 5, 6, 6, 7].map((digit) => at + digit)
    const [a, b, c, d, e, f, g, h, i, j, k, l] = bytesFrom(2)
    expect(readAs('a cGxhbnRl b', 'plante')).toEqual([
      [a, b! + 1],
      [c, d! + 1],
      [e, f! + 1],
      [g, h! + 1],
      [i, j! + 1],
      [k, l! + 1],
    ])
    // A word is glued to its front.
    for (const word of ['x', 'xy', 'xyz']) {
      expect(readAs(`a ${word}cGxhbnRl b`, 'plante')?.[0]).toEqual([2 + word.length, 4 + word.length])
    }
    expect(readAs('a cGxh\r\nbnRl b', 'plante')?.[3]).toEqual([8, 10])
    expect(readAs('a -_-_-_', '\u00fb')).toBeDefined()
  })

  it('in decimals knows the number of each byte, and takes no name of a field for one', () => {
    expect(readAs('a [112,108, 97,110]', 'plan')).toEqual([
      [3, 6],
      [7, 10],
      [12, 14],
      [15, 18],
    ])
    expect(readAs('{"0":112,"1":108,"2":97,"3":110}', 'plan')).toEqual([
      [5, 8],
      [13, 16],
      [21, 23],
      [28, 31],
    ])
  })
})
