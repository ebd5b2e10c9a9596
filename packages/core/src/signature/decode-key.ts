import { createPublicKey, type KeyObject } from 'node:crypto'
import { decodeExactly } from './decode.js'
import { type ExactSecret, isExactSecret } from './exact-secret.js'
import type { KeyForm } from './key-form.js'
import type { Secret } from './secrets.js'

/** A key as it is used. `bytes` are those of the secret or of the public key. */
export interface DecodedKey {
  readonly bytes: Uint8Array
  /** Set for keys that can verify and cannot sign. */
  readonly publicKey?: { readonly algorithm: 'ed25519' | 'ecdsa-p256'; readonly key: KeyObject }
}

/** Decodes a secret. Throws a `TypeError` that says what is wrong with it and never what it is. */
export function decodeKey(label: string, secret: Secret, form: KeyForm): DecodedKey {
  if (isExactSecret(secret)) return decodeInExactly(secret, form)
  return typeof secret === 'string' ? decodeText(label, secret, form) : decodeBytes(label, secret, form)
}

function decodeText(label: string, text: string, form: KeyForm): DecodedKey {
  switch (form) {
    case 'text':
      return { bytes: Buffer.from(text, 'utf8') }
    case 'hex':
      return { bytes: decodeExactly(text, 'hex') ?? fail(label, 'is not hex') }
    case 'base64':
      return { bytes: fromBase64(label, text) }
    case 'standard-webhooks':
      return decodeStandard(label, text)
    case 'spki':
      return decodeSpki(label, text)
  }
}

/** Bytes are the key itself, however a text would spell it. */
function decodeBytes(label: string, bytes: Uint8Array, form: KeyForm): DecodedKey {
  if (form !== 'spki') return { bytes }
  return publicKeyOf(label, Buffer.from(bytes))
}

function decodeStandard(label: string, text: string): DecodedKey {
  if (text.startsWith('v1,') || text.startsWith('v1a,'))
    fail(label, "begins with a version: remove 'v1,' before whsec_")
  if (text.startsWith('whsk_')) fail(label, 'is the private key of the sender: use its public key, whpk_…')
  if (!text.startsWith('whpk_')) return { bytes: fromBase64(label, text.replace(/^whsec_/, '')) }
  const bytes = fromBase64(label, text.slice('whpk_'.length))
  return ed25519Key(label, bytes)
}

/** A public key of 32 bytes, as it is written everywhere but in DER. */
export function ed25519Key(label: string, bytes: Uint8Array): DecodedKey {
  if (bytes.length !== ED25519_BYTES) fail(label, `must have ${ED25519_BYTES} bytes, as a public key of ed25519 has`)
  if (isWeak(bytes)) fail(label, 'is a public key under which anybody can sign')
  const key = createPublicKey({ key: Buffer.concat([ED25519_DER, bytes]), format: 'der', type: 'spki' })
  return { bytes, publicKey: { algorithm: 'ed25519', key } }
}

const ED25519_BYTES = 32

const ED25519_DER = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * The y of the points of small order, without the sign of x: under such a key one signature fits many texts. The last
 * three spell the first ones in another way.
 */
const WEAK_POINTS = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

function isWeak(bytes: Uint8Array): boolean {
  const y = Buffer.from(bytes)
  y[31] = (y[31] ?? 0) & 0x7f
  return WEAK_POINTS.includes(y.toString('hex'))
}

function decodeSpki(label: string, text: string): DecodedKey {
  const armour = /^-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----\s*$/.exec(text)
  if (text.includes('PRIVATE KEY')) fail(label, 'is a private key: use the public key')
  if (text.startsWith('-----') && armour?.[1] !== 'PUBLIC KEY') fail(label, 'is not a PEM of a public key')
  return publicKeyOf(label, fromBase64(label, (armour?.[2] ?? text).replace(/\s/g, '')))
}

function publicKeyOf(label: string, der: Buffer): DecodedKey {
  const key = createKey(der) ?? fail(label, 'is not a public key in the form SPKI')
  // The second byte is the length of the rest, for keys as short as these.
  if (der[1]! < 0x80 && der.length !== der[1]! + 2) fail(label, 'has bytes behind the public key')
  if (key.asymmetricKeyType === 'ed25519') return ed25519Key(label, der.subarray(-ED25519_BYTES))
  const isP256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
  if (!isP256) fail(label, 'must be a key of ed25519 or of ECDSA on P-256')
  // A point may be spelt in two ways, and is one key.
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return { bytes: Buffer.from(x + y, 'base64url'), publicKey: { algorithm: 'ecdsa-p256', key } }
}

function createKey(der: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    // OpenSSL's message may quote what it could not read.
    return undefined
  }
}

function fromBase64(label: string, text: string): Buffer {
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=')
  const bytes = decodeExactly(padded, 'base64')
  if (bytes !== undefined) return bytes
  if (/[-_]/.test(text))
    fail(label, 'is not base64: it has letters of the URL alphabet (- and _), which other libraries refuse')
  return fail(label, 'is not base64: copy it once more, whole')
}

/** `diagnose` tries secrets as they are: what does not decode is taken for the key itself. */
function decodeInExactly(secret: ExactSecret, form: KeyForm): DecodedKey {
  if (form === 'text') return { bytes: secret }
  try {
    return decodeText('', Buffer.from(secret).toString('utf8'), form)
  } catch {
    return { bytes: secret }
  }
}

function fail(label: string, fault: string): never {
  throw new TypeError(`${label} ${fault}`)
}
