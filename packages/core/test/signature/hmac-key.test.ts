import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { titled } from '../../../testing/src/titled.js'
import { HmacKey } from '../../src/signature/hmac-key.js'
import { hasOpenssl, opensslHmac } from '../openssl.js'

/** RFC 4231, section 4. */
const VECTORS: readonly { name: string; key: Buffer; data: Buffer; mac: string }[] = [
  {
    name: '1',
    key: Buffer.alloc(20, 0x0b),
    data: Buffer.from('Hi There'),
    mac: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    name: '2',
    key: Buffer.from('Jefe'),
    data: Buffer.from('what do ya want for nothing?'),
    mac: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    name: '6, whose key is longer than a block',
    key: Buffer.alloc(131, 0xaa),
    data: Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
    mac: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
]

describe('HmacKey', () => {
  it.each(titled(VECTORS, 'name'))('agrees with RFC 4231, test case %s', ({ key, data, mac }) => {
    expect(new HmacKey(key).sign('', data).toString('hex')).toBe(mac)
  })

  it.skipIf(!hasOpenssl)('agrees with openssl', () => {
    const body = Buffer.from('{"text":"Grüße $$ $&"}')
    expect(new HmacKey('Schlüssel').sign('1711015501.', body)).toEqual(
      opensslHmac('Schlüssel', Buffer.concat([Buffer.from('1711015501.'), body])),
    )
  })

  // 64 bytes are a block of SHA-256; a secret that is the hex of 32 bytes is as long.
  it.each([1, 32, 63, 64, 65, 128, 129])('agrees with the platform for a key of %i bytes', (length) => {
    const key = Buffer.alloc(length, 'key')
    const expected = createHmac('sha256', key).update('1711015501.').update('{}').digest()
    expect(new HmacKey(key).sign('1711015501.', Buffer.from('{}'))).toEqual(expected)
  })

  it('agrees with the platform for every key, beginning and body, however often it signs', () => {
    const latin1 = fc.string({ unit: fc.nat(255).map((byte) => String.fromCharCode(byte)), maxLength: 30 })
    const short = fc.uint8Array({ maxLength: 300 })
    // Up to 16,384 bytes are hashed in another way than more of them.
    const long = fc.integer({ min: 16_340, max: 16_400 }).map((length) => Buffer.alloc(length, 'long'))
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.array(fc.tuple(latin1, fc.oneof(short, long)), { minLength: 1, maxLength: 3 }),
        (key, messages) => {
          const hmac = new HmacKey(key)
          for (const [before, body] of messages) {
            const expected = createHmac('sha256', key).update(before, 'latin1').update(body).digest()
            expect(hmac.sign(before, body)).toEqual(expected)
          }
        },
      ),
    )
  })
})
