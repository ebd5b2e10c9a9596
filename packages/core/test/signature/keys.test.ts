import { createHash, createHmac, type createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createReceiver, type Secret, standardWebhooks } from '@mailbox-hooks/core'
import { describe, expect, it, vi } from 'vitest'
import { custom } from '../providers/custom.js'
import { verdict } from '../verdict.js'

const BODY = '{"id":"evt_1"}'
const ed25519 = generateKeyPairSync('ed25519')
const RAW = ed25519.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
const SIGNED = sign(null, Buffer.from(BODY), ed25519.privateKey).toString('base64')

/** A provider with these parts of its signature. */
const signed = (signature: object) => custom({ signature: { header: 'x-acme', encodings: ['base64'], ...signature } })

const codeOf = async (signature: object, shown: string) => {
  const { code } = await verdict(signed(signature), { headers: { 'x-acme': shown }, body: BODY })
  // The handler that is reached fails.
  return code ?? 'accepted'
}

describe('a public key of ed25519', () => {
  const readings = [{ algorithm: 'ed25519', content: ['body'] }]

  it.each<[string, Secret, string]>([
    ['in hex', RAW.toString('hex'), 'hex'],
    ['in base64', RAW.toString('base64'), 'base64'],
    ['in base64 without padding', RAW.toString('base64').replaceAll('=', ''), 'base64'],
    ['as bytes', RAW, 'text'],
  ])('may be its 32 bytes, %s', async (_how, secret, key) => {
    expect(await codeOf({ secrets: [secret], key, readings }, SIGNED)).toBe('accepted')
    const other = Buffer.alloc(64, 1).toString('base64')
    expect(await codeOf({ secrets: [secret], key, readings }, other)).toBe('signature_invalid')
  })

  it.each<[string, Secret]>([
    ['31', RAW.subarray(1)],
    ['33', Buffer.concat([RAW, Buffer.alloc(1)])],
  ])('cannot have %s bytes', (_count, secret) => {
    const message = 'acme: secrets[0] must have 32 bytes, as a public key of ed25519 has'
    expect(() => signed({ secrets: [secret], readings })).toThrow(message)
  })

  it('with bytes behind it is refused in DER', () => {
    const der = Buffer.concat([ed25519.publicKey.export({ format: 'der', type: 'spki' }), Buffer.alloc(1)])
    const create = () => signed({ secrets: [der], key: 'spki', readings })
    expect(create).toThrow('acme: secrets[0] has bytes behind the public key')
  })
})

describe('a public key of ECDSA', () => {
  /** The DER of a key on P-256, whose point is compressed or whole. */
  function spelled(publicKey: ReturnType<typeof createPublicKey>, form: 'compressed' | 'whole'): Buffer {
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    const [atX, atY] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
    if (form === 'whole') return publicKey.export({ format: 'der', type: 'spki' })
    const head = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex')
    return Buffer.concat([head, Buffer.from([(atY[31]! & 1) + 2]), atX])
  }

  const acme = (name: string, secret: Secret) =>
    custom({
      name,
      signature: {
        header: `x-${name}`,
        secrets: [secret],
        key: 'spki',
        encodings: ['base64'],
        readings: [{ algorithm: 'ecdsa-p256', content: ['body'] }],
      },
    })
  const [one, other] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)

  it('is found in two providers, however its point is spelt', () => {
    const providers = [acme('first', spelled(one!, 'whole')), acme('second', spelled(one!, 'compressed'))]
    expect(() => createReceiver({ providers, leaseMs: 5000 })).toThrow(/first and second have a secret in common/)
  })

  it('is another one than that of a second provider', () => {
    const providers = [acme('first', spelled(one!, 'whole')), acme('second', spelled(other!, 'whole'))]
    expect(() => createReceiver({ providers, leaseMs: 5000 })).not.toThrow()
  })
})

describe('a public key in the place of a shared secret', () => {
  const der = ed25519.publicKey.export({ format: 'der', type: 'spki' })
  const pem = String(ed25519.publicKey.export({ format: 'pem', type: 'spki' }))

  // Everybody knows it, so anybody could sign with it.
  it.each<[string, Secret]>([
    ['in DER', der],
    ['in the base64 of DER', der.toString('base64')],
    ['in the hex of DER', der.toString('hex')],
    ['in the bytes of PEM', Buffer.from(pem)],
    ['in the bytes of PEM, behind a line end', Buffer.from(`\n${pem}`)],
    ['with whpk_', `whpk_${RAW.toString('base64')}`],
  ])('is refused %s', (_how, secret) => {
    const create = () => signed({ secrets: [secret], readings: [{ content: ['body'] }] })
    expect(create).toThrow(/^acme: secrets\[0\] is a key of a signature, not a shared secret: /)
  })

  it('is not found in a secret that only holds its letters', () => {
    for (const secret of ['my-whpk_key', Buffer.concat([Buffer.alloc(1), der])]) {
      expect(() => signed({ secrets: [secret], readings: [{ content: ['body'] }] })).not.toThrow()
    }
  })
})

describe('several keys', () => {
  it('are refused where no reading uses one of them', () => {
    const readings = [{ prefix: 'v1,', content: ['body'] }]
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whpk_${RAW.toString('base64')}`]
    const message = 'acme: secrets[1] is a key of another algorithm than the readings have'
    expect(() => signed({ secrets, key: 'standard-webhooks', readings })).toThrow(message)
  })

  it.each([
    ['v1,MfKQ', "begins with a version: remove 'v1,' before whsec_"],
    ['v1a,MfKQ', "begins with a version: remove 'v1,' before whsec_"],
    ['whsk_MfKQ', 'is the private key of the sender: use its public key, whpk_…'],
  ])('are refused where one is %s', (secret, fault) => {
    const create = () => standardWebhooks({ name: 'acme', secrets: [secret] })
    expect(create).toThrow(`acme: secrets[0] ${fault}`)
  })

  // Each signature is checked under each of them, at a hash of the whole body.
  it.each([
    [32, 1, 'accepted'],
    [16, 2, 'accepted'],
    [17, 2, 'signature_malformed'],
  ])('and signatures: %i under %i public keys are %s', async (count, keyCount, code) => {
    const others = Array.from({ length: keyCount - 1 }, () => {
      const { publicKey } = generateKeyPairSync('ed25519')
      return publicKey.export({ format: 'der', type: 'spki' })
    })
    const secrets = [...others, ed25519.publicKey.export({ format: 'der', type: 'spki' })]
    const readings = [{ algorithm: 'ed25519', content: ['body'] }]
    const wrong = Array.from({ length: count - 1 }, (_, index) => Buffer.alloc(64, index).toString('base64'))
    const shown = [...wrong, SIGNED].join(' ')
    expect(await codeOf({ secrets, key: 'spki', separator: ' ', readings }, shown)).toBe(code)
  })

  it('and as many signatures as there may be: an HMAC is computed once for all', async () => {
    const mac = createHmac('sha256', 'second').update(BODY).digest('base64')
    const wrong = Array.from({ length: 31 }, (_, index) => Buffer.alloc(32, index).toString('base64'))
    const signature = { secrets: ['first', 'second'], separator: ' ', readings: [{ content: ['body'] }] }
    expect(await codeOf(signature, [...wrong, mac].join(' '))).toBe('accepted')
  })
})

describe('a token', () => {
  const made = (token: (secret: string) => Uint8Array) => [{ name: 'token', trust: 'sender', token }]
  const sha256 = (secret: string) => createHash('sha256').update(secret).digest()

  it('that is a hash of the secret is malformed in another length', async () => {
    const signature = { secrets: ['key'], encodings: ['hex'], readings: made(sha256) }
    const hex = sha256('key').toString('hex')
    expect(await codeOf(signature, hex)).toBe('accepted')
    expect(await codeOf(signature, sha256('other').toString('hex'))).toBe('signature_invalid')
    for (const shown of [hex.slice(2), `${hex}00`]) expect(await codeOf(signature, shown)).toBe('signature_malformed')
  })

  it('is read as a text where it would have another length in hex', async () => {
    const readings = made((secret) => Buffer.from(secret))
    const signature = { secrets: ['deadbeef'], encodings: ['hex', 'text'], readings }
    expect(await codeOf(signature, 'deadbeef')).toBe('accepted')
    expect(await codeOf(signature, Buffer.from('deadbeef').toString('hex'))).toBe('accepted')
    expect(await codeOf(signature, 'deadbee0')).toBe('signature_invalid')
  })

  it('is told in the outcome by its name and its encoding', async () => {
    const signature = { header: 'x-acme', secrets: ['key'] }
    const readings = [{ algorithm: 'token' }]
    const sent = { headers: { 'x-acme': 'key' }, body: BODY }
    expect(await verdict(custom({ signature: { ...signature, readings } }), sent)).toMatchObject({
      reading: 'token/text',
      trust: 'sender',
    })
  })

  it('beside a signature leaves its encoding at hex', async () => {
    const readings = [{ algorithm: 'token' }, { content: ['body'] }]
    const mac = createHmac('sha256', 'key').update(BODY).digest('hex')
    expect(await codeOf({ encodings: undefined, secrets: ['key'], readings }, mac)).toBe('accepted')
  })
})

describe('a secret that can be guessed', () => {
  const warnings = (...secrets: readonly string[]) => {
    const emitWarning = vi.spyOn(process, 'emitWarning').mockReturnValue()
    const name = `acme-${randomUUID()}`
    const create = () => custom({ name, signature: { header: 'x-acme', secrets, readings: [{ content: ['body'] }] } })
    create()
    create()
    const { calls } = emitWarning.mock
    emitWarning.mockRestore()
    return { name, calls }
  }

  it.each<[string, readonly string[]]>([
    ['15 bytes', ['k1'.repeat(8).slice(1)]],
    ['15 bytes beside a longer one', ['k1'.repeat(16), 'k1'.repeat(8).slice(1)]],
  ])('because it has %s is warned of, once for each provider', (_how, secrets) => {
    const { name, calls } = warnings(...secrets)
    const message = `${name}: a secret has less than 16 bytes. Use a longer one where the provider allows it.`
    expect(calls).toEqual([[message, { code: 'MAILBOX_HOOKS_SHORT_SECRET' }]])
  })

  it('has less than 16 bytes', () => {
    expect(warnings('k1'.repeat(8), 'é'.repeat(8)).calls).toEqual([])
  })
})
