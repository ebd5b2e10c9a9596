import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { titled } from '../../../../testing/src/titled.js'
import { KeyedHash } from '../../../src/stores/memory/keyed-hash.js'

/** The designers' vectors for Chaskey-12: the tag of the message 00 01 02 … of so many bytes. */
const KEY = Int32Array.of(0x833d3433, 0x009f389f, 0x2398e64f, 0x417acf39)
const VECTORS: readonly { bytes: number; tag: readonly number[] }[] = [
  { bytes: 0, tag: [0x43cb1f41, 0x51eba0c2, 0xff0a8ac3, 0x7ee3f642] },
  { bytes: 2, tag: [0x57da70c5, 0x2a873cb0, 0x19ee8b2a, 0x165cd82e] },
  { bytes: 14, tag: [0xc133c9c0, 0x55df75b5, 0x0f18f729, 0x99b9837e] },
  { bytes: 16, tag: [0x5dd0e2a9, 0xfb5eac8c, 0x633a392e, 0x500c36f3] },
  { bytes: 18, tag: [0x0430889e, 0xb994dc9c, 0xa39d8d46, 0xf0b15fda] },
  { bytes: 32, tag: [0x77962784, 0x07c647fa, 0xdd752c0f, 0xd2f5a799] },
  { bytes: 62, tag: [0x0f40ed0f, 0xa69bc80f, 0x8e06f97c, 0x61e89697] },
]

/** The text whose UTF-16 code units are these bytes. */
const textOf = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, index) => index)).toString('utf16le')

describe('KeyedHash', () => {
  it.each(titled(VECTORS, 'bytes'))('agrees with the designers of Chaskey-12 on %s bytes', ({ bytes, tag }) => {
    const [a, b, c, d] = tag.map((word) => word | 0)
    expect(new KeyedHash(KEY).hash(textOf(bytes))).toEqual({ a, b, c, d })
  })

  it('tells any two texts apart, and halves of surrogate pairs, which UTF-8 would not', () => {
    const hash = new KeyedHash()
    const text = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 40 })
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(isDeepStrictEqual(hash.hash(one), hash.hash(other))).toBe(one === other)
        expect(hash.hash(one)).toEqual(hash.hash(one))
      }),
      {
        examples: [
          ['', '\u0001'],
          ['12345678', '12345678\u0001'],
          ['\ud800', '\ud801'],
        ],
      },
    )
  })

  it('has a key of its own in each instance', () => {
    expect(new KeyedHash().hash('openmail:evt_1')).not.toEqual(new KeyedHash().hash('openmail:evt_1'))
  })
})
