import { atOnce } from '../options/thenable.js'
import type { HeaderReader } from '../request/webhook-request.js'
import { type Algorithm, hashOf, hasPublicKey, hmacVerifier, publicKeyVerifier, type Verifier } from './algorithms.js'
import { type ContentMaker, type ContentPart, contentMaker, isLatin1, nameOf, trustOf } from './content.js'
import type { DecodedKey } from './decode-key.js'
import { isRevealed } from './revealed-keys.js'
import type { Secret } from './secrets.js'
import type { Trust } from './trust.js'

/** One way to compute the signature. */
export type Reading = ContentReading | SecretReading | SignedReading | TokenReading

/**
 * A signature over an ordered list of parts. What it proves follows from them, and `testing` and the command line sign by
 * them.
 */
export interface ContentReading {
  readonly content: readonly ContentPart[]
  /** Default `'hmac-sha256'`. */
  readonly algorithm?: Exclude<Algorithm, 'token'>
  /** Sets the text before the encoded signature. Default: `prefix` of the signature. */
  readonly prefix?: string
  /** Names the reading in outcomes. Default: the parts, e.g. `id.time.body`. */
  readonly name?: string
}

/** The secret itself, in each request. */
export interface SecretReading {
  readonly algorithm: 'token'
  /** Names the reading in outcomes. Default `'token'`. */
  readonly name?: string
}

/** HMAC-SHA256 under the secret, over `before(headers)` followed by the raw body: for what `content` cannot say. */
export interface SignedReading {
  readonly name: string
  readonly trust: 'body' | 'body+timestamp'
  readonly before?: (headers: HeaderReader) => string
}

/** A static token, made of the secret alone and the same for each delivery. */
export interface TokenReading {
  readonly name: string
  readonly trust: 'sender'
  readonly token: (secret: Secret) => Uint8Array
}

/** A reading with its defaults, and what is needed to check signatures by it. */
export interface PreparedReading {
  readonly name: string
  readonly trust: Trust
  readonly algorithm: Algorithm
  readonly prefix: string
  /** Makes what is signed; undefined for a token. */
  readonly content: ContentMaker | undefined
  /** The lengths of tokens that are hashes, in bytes: another one is malformed. */
  readonly lengths?: readonly number[]
  readonly keys: readonly PreparedKey[]
}

export interface PreparedKey {
  /** The position in the list of secrets. */
  readonly secret: number
  /** Set for a token: what the request shows. */
  readonly token: Uint8Array | undefined
  readonly verifier: Verifier | undefined
  /** Whether a token of the same provider reveals the key. Then it proves no body. */
  readonly isRevealed: boolean
}

export const isToken = (reading: Reading): reading is SecretReading | TokenReading =>
  'token' in reading || ('algorithm' in reading && reading.algorithm === 'token')

/** Whether the signature of a reading covers the time of the request. */
export const provesTime = (reading: Reading): boolean =>
  isContent(reading) ? reading.content.includes('time') : 'trust' in reading && reading.trust === 'body+timestamp'

export const isContent = (reading: Reading): reading is ContentReading => 'content' in reading

export const algorithmOf = (reading: Reading): Algorithm => {
  if (isToken(reading)) return 'token'
  return isContent(reading) ? (reading.algorithm ?? 'hmac-sha256') : 'hmac-sha256'
}

/** Returns what a token reading compares with, for one secret. */
export const tokenOf = (reading: SecretReading | TokenReading, secret: Secret, key: DecodedKey): Uint8Array =>
  'token' in reading ? reading.token(secret) : key.bytes

/** Prepares a reading with the keys that are of its kind. */
export function prepareReading(
  label: string,
  reading: Reading,
  { secrets, keys, prefix }: { secrets: readonly Secret[]; keys: readonly DecodedKey[]; prefix: string },
  tokens: readonly Uint8Array[],
): PreparedReading {
  const algorithm = algorithmOf(reading)
  const fitting = keys.flatMap((key, secret) => (fits(key, algorithm) ? [{ key, secret }] : []))
  if (isToken(reading)) {
    const { name = 'token' } = reading
    const tokenKeys = fitting.map(({ key, secret }) => {
      const token = tokenOf(reading, secrets[secret]!, key)
      return { secret, token, verifier: undefined, isRevealed: true }
    })
    const lengths = 'token' in reading ? { lengths: tokenKeys.map(({ token }) => token.length) } : {}
    return { name, trust: 'sender', algorithm, prefix, content: undefined, ...lengths, keys: tokenKeys }
  }
  const signingKeys = fitting.map(({ key, secret }) => ({
    secret,
    token: undefined,
    verifier: verifierOf(key, algorithm),
    isRevealed: key.publicKey === undefined && isRevealed(key.bytes, tokens),
  }))
  if (isContent(reading)) {
    const { content, name = nameOf(content) } = reading
    const maker = contentMaker(label, content)
    return {
      name,
      trust: trustOf(content),
      algorithm,
      prefix: reading.prefix ?? prefix,
      content: maker,
      keys: signingKeys,
    }
  }
  const { name, trust, before } = reading
  return { name, trust, algorithm, prefix, content: contentBefore(before), keys: signingKeys }
}

/** A public key must never serve as the key of an HMAC: everybody knows it. */
function fits({ publicKey }: DecodedKey, algorithm: Algorithm): boolean {
  return hasPublicKey(algorithm) ? publicKey?.algorithm === algorithm : publicKey === undefined
}

function verifierOf({ bytes, publicKey }: DecodedKey, algorithm: Algorithm): Verifier {
  if (publicKey !== undefined) return publicKeyVerifier(publicKey.key, publicKey.algorithm)
  // Without a public key it is the key of an HMAC.
  return hmacVerifier(bytes, hashOf(algorithm)!)
}

function contentBefore(before: SignedReading['before']): ContentMaker {
  return ({ headers }, body) => {
    const text = atOnce('before', before?.(headers) ?? '')
    // No byte stands for what lies above U+00FF: cut to one, several texts would have one signature.
    return isLatin1(text) ? { before: text, body } : undefined
  }
}
