import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'
import { verdict } from '../verdict.js'

const SECRET = 'the-secret-of-acme'
const SECONDS = 1_780_000_000
const BODY = '{"id":"évt_1"}'
const ed25519 = generateKeyPairSync('ed25519')
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' })

type Signing = (content: Buffer) => Buffer

const hmac =
  (hash: string): Signing =>
  (content) =>
    createHmac(hash, SECRET).update(content).digest()

const ALGORITHMS: readonly (readonly [string, string | Buffer, string, Signing])[] = [
  ['hmac-sha256', SECRET, 'text', hmac('sha256')],
  ['hmac-sha512', SECRET, 'text', hmac('sha512')],
  ['hmac-sha1', SECRET, 'text', hmac('sha1')],
  ['ed25519', spki(ed25519.publicKey), 'spki', (content) => sign(null, content, ed25519.privateKey)],
  ['ecdsa-p256', spki(p256.publicKey), 'spki', (content) => sign('sha256', content, p256.privateKey)],
]

/** The code of a signature under one algorithm, over parts of a delivery. */
async function codeOf([algorithm, secret, key]: (typeof ALGORITHMS)[number], parts: object[], signature: Buffer) {
  const provider = custom({
    signature: {
      header: 'x-acme',
      secrets: [secret],
      key,
      id: parts.includes('id' as never) ? 'x-id' : undefined,
      encodings: ['base64'],
      readings: [{ algorithm, content: parts }],
    },
    timestamp: { header: 'x-time', format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 },
  })
  const headers = { 'x-acme': signature.toString('base64'), 'x-time': `${SECONDS}`, 'x-id': 'msg_1' }
  const { code } = await verdict(provider, { headers, body: BODY }, { now: () => SECONDS * 1000 })
  // The handler that is reached fails.
  return code ?? 'accepted'
}

describe.each(ALGORITHMS)('%s', (...algorithm) => {
  const [, , , signed] = algorithm
  const TIMED = ['time', { text: 'é.' }, 'body'] as unknown as object[]

  it('signs the body alone, or behind other parts', async () => {
    expect(await codeOf(algorithm, ['body' as never], signed(Buffer.from(BODY)))).toBe('accepted')
    expect(await codeOf(algorithm, TIMED, signed(Buffer.from(`${SECONDS}é.${BODY}`)))).toBe('accepted')
  })

  it('is wrong over anything else', async () => {
    expect(await codeOf(algorithm, ['body' as never], signed(Buffer.from(`${BODY} `)))).toBe('signature_invalid')
    expect(await codeOf(algorithm, TIMED, signed(Buffer.from(BODY)))).toBe('signature_invalid')
  })

  // A text that cannot be a signature is told from a wrong one, because it has another reason.
  it('has a length of its own', async () => {
    const lengths = { 'hmac-sha256': [32, 32], 'hmac-sha512': [64, 64], 'hmac-sha1': [20, 20] } as const
    const others = { ed25519: [64, 64], 'ecdsa-p256': [8, 72] } as const
    const [shortest, longest] = { ...lengths, ...others }[algorithm[0] as keyof typeof lengths]
    const at = (length: number) => codeOf(algorithm, ['body' as never], Buffer.alloc(length, 1))
    expect([await at(shortest - 1), await at(longest + 1)]).toEqual(['signature_malformed', 'signature_malformed'])
    expect([await at(shortest), await at(longest)]).toEqual(['signature_invalid', 'signature_invalid'])
  })
})

describe('a token', () => {
  const codeOfToken = async (secret: string, shown: string) => {
    const signature = { header: 'x-acme', secrets: [secret], readings: [{ algorithm: 'token' }] }
    const { code } = await verdict(custom({ signature }), { headers: { 'x-acme': shown }, body: BODY })
    return code ?? 'accepted'
  }

  it('has up to 8,192 characters', async () => {
    const longest = 'k'.repeat(8_192)
    expect(await codeOfToken(longest, longest)).toBe('accepted')
    expect(await codeOfToken(longest, `${longest}k`)).toBe('signature_malformed')
    expect(await codeOfToken('key', 'k')).toBe('signature_invalid')
  })
})
