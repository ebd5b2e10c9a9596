import { isExactSecret } from './exact-secret.js'
import type { Secret } from './secrets.js'

/** The identifiers of ed25519, of elliptic curves and of RSA, as the DER of a key has them near its beginning. */
const IDENTIFIERS = ['06032b6570', '06072a8648ce3d0201', '06092a864886f70d010101'].map((hex) => Buffer.from(hex, 'hex'))

const SEQUENCE = 0x30

/**
 * Throws a `TypeError` for a public or private key where the key of an HMAC, or a token, is wanted. Everybody knows a public
 * key, so anybody could sign with it.
 */
export function refusePublicKey(label: string, secret: Secret, bytes: Uint8Array): void {
  // `diagnose` tries secrets as they are.
  if (isExactSecret(secret)) return
  const text = typeof secret === 'string' ? secret : Buffer.from(secret).toString('latin1')
  const isKey = /^\s*(wh[ps]k_|-----BEGIN )/.test(text) || isDer(bytes) || isDer(decoded(text))
  if (!isKey) return
  throw new TypeError(
    `${label} is a key of a signature, not a shared secret: if it is public, anybody can sign with it. Use the shared ` +
      'secret, or a reading with the algorithm of the key',
  )
}

const decoded = (text: string) => Buffer.from(text, /^[0-9a-f]+$/i.test(text) ? 'hex' : 'base64')

function isDer(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 48))
  return head[0] === SEQUENCE && IDENTIFIERS.some((identifier) => head.includes(identifier))
}
