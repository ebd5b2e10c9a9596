import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LongNonceCipher } from '../../src/queue/long-nonce-cipher.js'

/** The test vectors of https://c2sp.org/XAES-256-GCM: their keys take the two ways that CMAC makes its subkey. */
const VECTORS = [
  { key: 0x01, boundTo: '', ciphertext: 'ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271' },
  {
    key: 0x03,
    boundTo: 'c2sp.org/XAES-256-GCM',
    ciphertext: '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d',
  },
]
const NONCE = 'ABCDEFGHIJKLMNOPQRSTUVWX'

const cipher = new LongNonceCipher(Buffer.alloc(32, 7))

describe('XAES-256-GCM', () => {
  it.each(VECTORS)('opens the published test vectors: %o', ({ key, boundTo, ciphertext }) => {
    const sealed = Buffer.concat([Buffer.from(NONCE), Buffer.from(ciphertext, 'hex')])
    expect(new LongNonceCipher(Buffer.alloc(32, key)).decrypt(sealed, boundTo).toString()).toBe('XAES-256-GCM')
  })

  it('opens what it has encrypted, of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (content, boundTo) => {
        expect(Uint8Array.from(cipher.decrypt(cipher.encrypt(content, boundTo), boundTo))).toEqual(content)
      }),
    )
  })

  it('gives each content a nonce of its own', () => {
    const nonces = Array.from({ length: 1_000 }, () => cipher.encrypt(Buffer.alloc(0), '').toString('hex', 0, 24))
    expect(new Set(nonces).size).toBe(1_000)
  })

  it('opens neither with one bit changed, nor cut off, nor bound to something else, nor with another key', () => {
    const sealed = cipher.encrypt(Buffer.from('content'), 'this')
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => cipher.decrypt(changed, 'this')).toThrow()
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => cipher.decrypt(sealed.subarray(0, length), 'this')).toThrow()
    }
    expect(() => cipher.decrypt(sealed, 'that')).toThrow()
    expect(() => new LongNonceCipher(Buffer.alloc(32, 8)).decrypt(sealed, 'this')).toThrow()
  })
})
