import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { createReceiver, openMail, type Secret, standardWebhooks } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { answerTo } from '../request.js'
import { verdict } from '../verdict.js'
import { custom } from './custom.js'

const SECRET = 'an-acme-signing-secret'
const TIME = { header: 'x-time', format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 }
const signature = (changes: object) => ({
  signature: { header: 'x-sig', secrets: [SECRET], readings: [{ content: ['body'] }], ...changes },
})

/** Definitions under which one signature would serve for a request that was never sent. */
const UNSAFE: readonly (readonly [what: string, changes: object, message: RegExp])[] = [
  ['an id that no reading covers', signature({ id: 'x-id', readings: [{ content: ['body'] }] }), /id names a header/],
  [
    'an id that one of two readings covers',
    signature({
      id: 'x-id',
      readings: [{ content: ['id', { text: '.' }, 'body'] }, { prefix: 'v0=', content: ['body'] }],
    }),
    /id names a header/,
  ],
  [
    'an id in families that no reading covers',
    {
      signature: {
        families: [{ signature: 'x-sig', id: 'x-id' }],
        secrets: [SECRET],
        readings: [{ content: ['body'] }],
      },
    },
    /id names a header/,
  ],
  [
    'an id beside a token',
    signature({ id: 'x-id', encodings: ['text'], readings: [{ algorithm: 'token' }] }),
    /id names a header/,
  ],
  [
    'one key of Standard Webhooks for two hashes',
    signature({
      key: 'standard-webhooks',
      secrets: [`whsec_${Buffer.alloc(24, 7).toString('base64')}`],
      readings: [
        { prefix: 'v2,', algorithm: 'hmac-sha256', content: ['body'] },
        { prefix: 'v1,', algorithm: 'hmac-sha1', content: ['body'] },
      ],
    }),
    /one key cannot serve for hmac-sha256 and hmac-sha1/,
  ],
  [
    'two readings of a form, of which one has the time in front',
    {
      ...signature({ readings: [{ content: ['time', { text: '.' }, 'body'] }, { content: ['body'] }] }),
      timestamp: TIME,
      body: 'form',
    },
    /one signature would fit two readings/,
  ],
  [
    'a time that touches a form',
    {
      ...signature({ readings: [{ content: ['time', 'body'] }] }),
      timestamp: { ...TIME, format: 'unix' },
      body: 'json-or-form',
    },
    /a \{ text \} must stand before the body of a form/,
  ],
]

describe('a definition with', () => {
  it.each(UNSAFE)('%s is refused at start', (_what, changes, message) => {
    expect(() => custom(changes)).toThrow(TypeError)
    expect(() => custom(changes)).toThrow(message)
  })
})

describe('signed.time', () => {
  const seen = async (readings: object[]) => {
    let time: unknown = 'nothing'
    const provider = custom({
      ...signature({ readings }),
      timestamp: TIME,
      describe: (_payload: unknown, _headers: unknown, signed: { time: unknown }) => {
        time = signed.time
        return {}
      },
    })
    const sign = (text: string) => createHmac('sha256', SECRET).update(text).digest('hex')
    const covers = JSON.stringify(readings[0]).includes('time')
    const headers = { 'x-time': '1780000000', 'x-sig': sign(covers ? '1780000000.{}' : '{}') }
    await verdict(provider, { headers, body: '{}' }, { now: () => 1_780_000_000_000 })
    return time
  }

  it('is the time where every reading covers it, and nothing where one does not', async () => {
    expect(await seen([{ content: ['time', { text: '.' }, 'body'] }])).toBe('1780000000')
    expect(await seen([{ content: ['body'] }])).toBeUndefined()
    expect(await seen([{ content: ['body'] }, { content: ['time', { text: '.' }, 'body'] }])).toBeUndefined()
  })
})

const ed25519 = generateKeyPairSync('ed25519')
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
// Any number will do: to find a pair takes a while.
const modulus = Buffer.alloc(256, 0xc5).toString('base64url')
const rsa = createPublicKey({ key: { kty: 'RSA', n: modulus, e: 'AQAB' }, format: 'jwk' })
const der = { format: 'der', type: 'spki' } as const
const raw = ed25519.publicKey.export(der).subarray(-32).toString('base64')

/** Keys that everybody may know, or that only the sender should. */
const KEYS: readonly (readonly [what: string, key: Secret])[] = [
  ['whpk_', `whpk_${raw}`],
  ['whsk_', `whsk_${Buffer.alloc(64, 3).toString('base64')}`],
  ['whpk_ as bytes', Buffer.from(`whpk_${raw}`)],
  ['SPKI of ed25519 in base64', ed25519.publicKey.export(der).toString('base64')],
  ['SPKI of P-256 in base64', p256.publicKey.export(der).toString('base64')],
  ['SPKI of P-256 in hex', p256.publicKey.export(der).toString('hex')],
  ['SPKI of P-256 as bytes', p256.publicKey.export(der)],
  ['SPKI of RSA in base64', rsa.export(der).toString('base64')],
  ['a PEM', p256.publicKey.export({ format: 'pem', type: 'spki' }).toString().trim()],
  ['a PEM as bytes', Buffer.from(p256.publicKey.export({ format: 'pem', type: 'spki' }).toString().trim())],
  ['a private key', ed25519.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')],
]

describe('a key of a signature in place of a shared secret', () => {
  it.each(KEYS)('is refused at start: %s', (_what, key) => {
    for (const create of [
      () => openMail({ secrets: [key] }),
      () => custom(signature({ secrets: [key] })),
      () => custom(signature({ secrets: ['another-secret-of-32-bytes-or-so', key] })),
    ]) {
      expect(create).toThrow(TypeError)
      expect(create).toThrow(/secrets\[[01]\]/)
      expect(create).not.toThrow(String(key))
    }
  })

  it('is refused by standardWebhooks, where it would be taken for base64', () => {
    for (const key of [ed25519.publicKey.export(der).toString('base64'), Buffer.from(`whpk_${raw}`)]) {
      expect(() => standardWebhooks({ name: 'acme', secrets: [key] })).toThrow(/is a key of a signature/)
    }
  })

  it('is not seen in secrets that only look alike', () => {
    for (const secret of [`MCowBQYDK3Vw${'A'.repeat(9)}-_x`, 'whp_k-1234567890abcdef', Buffer.alloc(44, 0x30)]) {
      expect(() => custom(signature({ secrets: [secret] }))).not.toThrow()
    }
  })
})

describe('public keys', () => {
  const spki = (secrets: Secret[]) =>
    custom(
      signature({
        key: 'spki',
        secrets,
        encodings: ['base64'],
        readings: [{ algorithm: 'ecdsa-p256', content: ['body'] }],
      }),
    )
  const p256Der = p256.publicKey.export(der)

  it('with bytes behind them are refused', () => {
    expect(() => spki([Buffer.concat([p256Der, Buffer.from([0])])])).toThrow(/has bytes behind the public key/)
    expect(() => spki([p256Der])).not.toThrow()
  })

  it('are one key, however the point is spelt', () => {
    const [x, y] = [p256Der.subarray(-64, -32), p256Der.subarray(-32)]
    const head = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex')
    const compressed = Buffer.concat([head, Buffer.from([2 + ((y[31] ?? 0) & 1)]), x])
    const other = (secrets: Secret[]) =>
      custom({
        name: 'other',
        ...signature({
          key: 'spki',
          secrets,
          encodings: ['base64'],
          readings: [{ algorithm: 'ecdsa-p256', content: ['body'] }],
        }),
      })
    expect(() => createReceiver({ providers: [spki([p256Der]), other([compressed])] })).toThrow(/secret/)
  })

  it('of Standard Webhooks are refused twice', () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
    expect(() => standardWebhooks({ name: 'acme', secrets: [secret, secret] })).toThrow(/secrets\[1\] is the same key/)
    expect(() => standardWebhooks({ name: 'acme', secrets: [secret, secret.slice(6)] })).toThrow(/is the same key/)
  })
})

describe('many signatures under public keys', () => {
  const keys = Array.from({ length: 11 }, () => generateKeyPairSync('ed25519').publicKey)
  const secrets = keys.map((key) => `whpk_${key.export(der).subarray(-32).toString('base64')}`)
  const receiver = createReceiver({
    providers: [standardWebhooks({ name: 'acme', secrets })],
    now: () => 1_780_000_000_000,
  })
  const headersWith = (entries: readonly string[]) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': '1780000000',
    'webhook-signature': entries.join(' '),
  })
  const entry = (byte: number) => `v1a,${Buffer.alloc(64, byte).toString('base64')}`

  // Each would be checked under each key, at a hash of the whole body.
  it('are refused by their number, before the body is hashed', async () => {
    const body = Buffer.alloc(5_000_000, ' ')
    const before = process.cpuUsage()
    for (const entries of [Array(32).fill(entry(1)), Array.from({ length: 32 }, (_, index) => entry(index + 1))]) {
      expect(await answerTo(receiver, { headers: headersWith(entries), body })).toBe('401 signature_invalid')
    }
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1_500)
  })
})

describe('a time with zeros in front', () => {
  it('is refused, because one time has one spelling', async () => {
    for (const time of ['01780000000', '00', '0000001780000000']) {
      const signed = createHmac('sha256', SECRET).update(`${time}.{}`).digest('hex')
      const sent = { headers: { 'x-timestamp': time, 'x-signature': signed }, body: '{}' }
      expect(await verdict(openMail({ secrets: [SECRET] }), sent, { now: () => 1_780_000_000_000 })).toMatchObject({
        code: 'timestamp_invalid',
      })
    }
  })
})

describe('a form', () => {
  const form = custom({
    ...signature({ readings: [{ content: ['body'] }] }),
    body: 'form',
    describe: ({ id }: { id: unknown }) => ({ id }),
  })
  const codeOf = async (body: string) => {
    const headers = { 'x-sig': createHmac('sha256', SECRET).update(body).digest('hex') }
    return (await verdict(form, { headers, body })).code
  }

  // Replaced by one character, different ids would be one event.
  it.each(['id=%ff', 'id=%fe', 'id=%c3', 'x=%e2%82&id=1'])(
    'with bytes that are not UTF-8 is refused: %s',
    async (body) => {
      expect(await codeOf(body)).toBe('body_invalid')
    },
  )

  it.each(['id=%C3%A9', 'id=100%', 'id=%zz&b=+%2B'])('is taken as browsers write it: %s', async (body) => {
    expect(await codeOf(body)).toBeUndefined()
  })

  it('with more than 10,000 fields is refused', async () => {
    const fields = Array.from({ length: 10_001 }, (_, index) => `f${index}=1`)
    expect(await codeOf(fields.join('&'))).toBe('body_invalid')
    expect(await codeOf(fields.slice(1).join('&'))).toBeUndefined()
  })
})
