import { describe, expect, it } from 'vitest'
import { decodeExactly, type SignatureEncoding } from '../../src/signature/decode.js'

// One signature has one spelling, apart from the case of hex: what else a decoder takes would be another one of it.
describe('a signature', () => {
  it.each<[SignatureEncoding, string, readonly number[]]>([
    ['hex', '00fF', [0, 255]],
    ['base64', 'AAE=', [0, 1]],
    ['base64', 'AA==', [0]],
    ['base64', '+/+/', [251, 255, 191]],
    ['text', 'ü ', [252, 32]],
  ])('in %s is decoded: %j', (encoding, text, bytes) => {
    expect([...(decodeExactly(text, encoding) ?? [])]).toEqual(bytes)
  })

  it.each<[SignatureEncoding, readonly string[]]>([
    ['hex', ['', '0', '0g', ' 00', '00 ', '0x00']],
    [
      'base64',
      ['', 'A', 'AA', 'AA=', 'AAE', 'AB==', 'AAF=', 'AA==AA==', '-_-_', ' AAE=', 'AAE=\n', 'AAE=!', '!AAE=', '===='],
    ],
    ['text', ['']],
  ])('that is not exactly in %s is none: %j', (encoding, texts) => {
    expect(texts.filter((text) => decodeExactly(text, encoding) !== undefined)).toEqual([])
  })

  it('in hex has no character that is no digit, in neither place of a byte', () => {
    const characters = Array.from({ length: 0x500 }, (_, code) => String.fromCharCode(code))
    for (const [before, after] of [
      ['', '7'],
      ['7', ''],
    ]) {
      const taken = characters.filter((character) => decodeExactly(before + character + after, 'hex') !== undefined)
      expect(taken.join('')).toBe('0123456789ABCDEFabcdef')
    }
    expect(decodeExactly('0123456789abcdefABCDEF', 'hex')).toEqual(Buffer.from('0123456789abcdefABCDEF', 'hex'))
  })
})
