import { type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { type HashName, HmacKey } from './hmac-key.js'

/** How a signature is made. A `'token'` is the secret itself: it proves the sender, and nothing about the body. */
export type Algorithm = `hmac-${HashName}` | 'ed25519' | 'ecdsa-p256' | 'token'

/** The shortest and the longest signature of each algorithm, in bytes. */
const LENGTHS: Readonly<Record<Algorithm, readonly [number, number]>> = {
  'hmac-sha256': [32, 32],
  'hmac-sha512': [64, 64],
  'hmac-sha1': [20, 20],
  ed25519: [64, 64],
  // DER: a sequence of two integers of 1 to 33 bytes, each of the three with a head of 2 bytes.
  'ecdsa-p256': [8, 72],
  token: [1, 8192],
}

// `Object.keys` forgets the names.
export const ALGORITHMS = Object.keys(LENGTHS) as readonly Algorithm[]

/** Returns whether a signature of this algorithm can have so many bytes. */
export function fitsLength(algorithm: Algorithm, bytes: number): boolean {
  const [shortest, longest] = LENGTHS[algorithm]
  return bytes >= shortest && bytes <= longest
}

/** Returns the hash of an HMAC, or undefined for another algorithm. */
export const hashOf = (algorithm: Algorithm): HashName | undefined =>
  // What follows `hmac-` is a hash by the type.
  algorithm.startsWith('hmac-') ? (algorithm.slice('hmac-'.length) as HashName) : undefined

/** Whether signatures are checked with a public key. */
export const hasPublicKey = (algorithm: Algorithm): algorithm is 'ed25519' | 'ecdsa-p256' =>
  algorithm === 'ed25519' || algorithm === 'ecdsa-p256'

/** What is signed: `before`, header text of which latin1 preserves the bytes, followed by `body`. */
export interface SignedContent {
  readonly before: string
  readonly body: Uint8Array
}

/** Returns the first of some signatures that is good for the content under one key. */
export type Verifier = <Signature extends { readonly bytes: Uint8Array }>(
  content: SignedContent,
  signatures: readonly Signature[],
) => Signature | undefined

/** Computes the HMAC once and compares it with each signature in constant time. */
export function hmacVerifier(key: Uint8Array, hashName: HashName): Verifier {
  const hmac = new HmacKey(key, hashName)
  return ({ before, body }, signatures) => {
    const expected = hmac.sign(before, body)
    return signatures.find(({ bytes }) => isEqual(bytes, expected))
  }
}

/**
 * Verifies with a public key. Signatures by ECDSA are random, and can be changed into others that verify: they identify
 * nothing.
 */
export function publicKeyVerifier(key: KeyObject, algorithm: 'ed25519' | 'ecdsa-p256'): Verifier {
  const digest = algorithm === 'ed25519' ? null : 'sha256'
  return ({ before, body }, signatures) => {
    const content = before === '' ? body : Buffer.concat([Buffer.from(before, 'latin1'), body])
    return signatures.find(({ bytes }) => verify(digest, content, key, bytes))
  }
}

/** Compares lengths first: they are not secret, and `timingSafeEqual` throws if they differ. */
export const isEqual = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)
