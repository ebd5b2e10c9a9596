import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { openMail, type Secret, standardWebhooks } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'

const bytes = (text: string) => new TextEncoder().encode(text)

// Each says what to do, because most deliveries that never verify have one of these reasons.
describe('a secret that cannot be right', () => {
  it.each<[string, unknown, RegExp]>([
    ['undefined', undefined, /is undefined: is its environment variable set\?$/],
    ['null', null, /is undefined: is its environment variable set\?$/],
    ['a number', 7, /must be a string$/],
    ['an object', { key: 'x' }, /must be a string$/],
    ['empty', '', /is empty: anybody could sign with an empty secret$/],
    ['no bytes', new Uint8Array(), /is empty: anybody could sign with an empty secret$/],
    ['the name of nothing', 'undefined', /reads as a value that is not set/],
    ['the name of nothing as bytes', bytes('undefined'), /reads as a value that is not set/],
    ['a template', '{{secret}}', /is a template that was not expanded/],
    ['a placeholder', 'changeme', /is a placeholder, not the secret/],
    ['with a space', 'a key', /contains white space, .*: remove the stray character$/],
    ['with a line end', 'key\n', /contains white space, .*: remove the stray character$/],
    ['in bytes with a line end', bytes('key\n'), /contains white space, .*: remove the stray character$/],
    ['in bytes that begin with a NUL', bytes('\0key'), /contains white space, .*: remove the stray character$/],
    ['with an invisible character', 'ke\u200by', /contains an invisible character: copy the secret again, or type it$/],
    ['in bytes with an invisible character', bytes('ke\u200by'), /contains an invisible character/],
    ['with a line end in two letters', 'key\\n', /contains a line end written as \\n or \\r: remove it, or pass/],
    ['with another line end in two letters', 'key\\r', /contains a line end written as \\n or \\r: remove it, or pass/],
    ['in quotes', '"key"', /is wrapped in quotes, .*: remove them, or nothing verifies$/],
    ['in single quotes', "'key'", /is wrapped in quotes/],
    ['in typographic quotes', '„key“', /is wrapped in quotes/],
  ])('is refused by what is wrong with it: %s', (_what, secret, message) => {
    const create = () => openMail({ secrets: ['good', secret as Secret] })
    expect(create).toThrow(/^openmail: secrets\[1\] /)
    expect(create).toThrow(message)
  })

  it.each<[string, unknown]>([
    ['none', []],
    ['a text', 'secret'],
    ['nothing', undefined],
  ])('is missed where there is %s', (_what, secrets) => {
    expect(() => openMail({ secrets: secrets as [] })).toThrow(
      'openmail: secrets must be a list with at least one secret, e.g. { secrets: [process.env.KEY] }',
    )
  })

  it.each(["'key", 'key"', '"key\'', '“key', 'a"key"', '"key"a'])('is not %j, with quotes of its own', (secret) => {
    expect(() => openMail({ secrets: [secret] })).not.toThrow()
  })
})

const spki = { format: 'der', type: 'spki' } as const
const ed25519 = generateKeyPairSync('ed25519')
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
// Any number will do: to find a pair takes a while.
const modulus = Buffer.alloc(256, 0xc5).toString('base64url')
const rsa = createPublicKey({ key: { kty: 'RSA', n: modulus, e: 'AQAB' }, format: 'jwk' })
const pem = (key: { export(options: { format: 'pem'; type: 'spki' }): string | Buffer }) =>
  String(key.export({ format: 'pem', type: 'spki' }))

/** A provider that signs with a key that is spelt as `key` says. */
const keyed = (secret: Secret, key: string, algorithm: string) =>
  custom({
    signature: {
      header: 'x-acme',
      secrets: [secret],
      key,
      encodings: ['base64'],
      readings: [{ algorithm, content: ['body'] }],
    },
  })

describe('a public key', () => {
  it.each<[string, Secret, RegExp]>([
    [
      'that is private',
      String(p256.privateKey.export({ format: 'pem', type: 'pkcs8' })),
      /is a private key: use the public key$/,
    ],
    [
      'in a PEM of something else',
      pem(p256.publicKey).replaceAll('PUBLIC KEY', 'CERTIFICATE'),
      /is not a PEM of a public key$/,
    ],
    ['in a PEM that is cut', pem(p256.publicKey).slice(0, -10), /is not a PEM of a public key$/],
    ['that is no key', Buffer.alloc(91, 7).toString('base64'), /is not a public key in the form SPKI$/],
    ['that is no base64', 'not!base64', /is not base64: copy it once more, whole$/],
    ['in the alphabet of URLs', 'ab-_', /is not base64: it has letters of the URL alphabet/],
    ['of another curve', p384.publicKey.export(spki), /must be a key of ed25519 or of ECDSA on P-256$/],
    ['of RSA', rsa.export(spki), /must be a key of ed25519 or of/],
    ['of the other algorithm', ed25519.publicKey.export(spki), /is a key of another algorithm than the readings have$/],
  ])('%s is refused at start', (_what, secret, message) => {
    const create = () => keyed(secret, 'spki', 'ecdsa-p256')
    expect(create).toThrow(/^acme: secrets\[0\] /)
    expect(create).toThrow(message)
  })

  it.each<[string, Secret, string]>([
    ['P-256 in PEM', pem(p256.publicKey), 'ecdsa-p256'],
    ['P-256 in PEM with lines of Windows', pem(p256.publicKey).replaceAll('\n', '\r\n'), 'ecdsa-p256'],
    ['P-256 in DER', p256.publicKey.export(spki), 'ecdsa-p256'],
    ['P-256 in base64', p256.publicKey.export(spki).toString('base64'), 'ecdsa-p256'],
    ['ed25519 in PEM', pem(ed25519.publicKey), 'ed25519'],
    ['ed25519 in DER', ed25519.publicKey.export(spki), 'ed25519'],
  ])('is taken as it is spelt: %s', (_what, secret, algorithm) => {
    expect(() => keyed(secret, 'spki', algorithm)).not.toThrow()
  })

  // The points of small order, with either sign of x.
  it.each([
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    `ec${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
  ])('under which anybody can sign is refused: %s', (point) => {
    const other = Buffer.from(point, 'hex')
    other[31] = (other[31] ?? 0) ^ 0x80
    for (const key of [Buffer.from(point, 'hex'), other]) {
      const create = () => standardWebhooks({ name: 'acme', secrets: [`whpk_${key.toString('base64')}`] })
      expect(create).toThrow(/is a public key under which anybody can sign$/)
    }
  })
})

describe('a key in hex', () => {
  it.each(['abc', 'xy', '0g'])('that is none is refused: %s', (secret) => {
    expect(() => keyed(secret, 'hex', 'hmac-sha256')).toThrow(/^acme: secrets\[0\] is not hex$/)
  })

  it('is taken in either case', () => {
    expect(() => keyed('00ffAAbb'.repeat(4), 'hex', 'hmac-sha256')).not.toThrow()
  })
})
