import { decodeDigest } from '../signature/decode.js'

/** The usual prefixes of signatures. */
export const PREFIXES = ['sha256=', 'v1=', 'v1,', 'hmac-sha256=']

/** A signature in any usual spelling. */
export interface WrittenSignature {
  readonly prefix: string
  readonly encoding: 'hex' | 'base64'
  /** The encoding in words, which may be another form of base64. */
  readonly form: string
  readonly bytes: Buffer
}

/** Reads a signature with any usual prefix, in hex, base64 or base64url. Undefined if it is none of these. */
export function readSignature(value: string): WrittenSignature | undefined {
  const prefix = PREFIXES.find((known) => value.toLowerCase().startsWith(known)) ?? ''
  const text = value.slice(prefix.length)
  const hex = decodeDigest(text, 'hex')
  if (hex !== undefined) return { prefix, encoding: 'hex', form: 'hex', bytes: hex }
  const base64 = decodeDigest(standardBase64(text), 'base64')
  return base64 && { prefix, encoding: 'base64', form: formOf(text), bytes: base64 }
}

function formOf(text: string): string {
  if (decodeDigest(text, 'base64') !== undefined) return 'base64'
  return /[+/]/.test(text) ? 'base64 without its padding' : 'base64url'
}

function standardBase64(text: string): string {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  return standard.padEnd(Math.ceil(standard.length / 4) * 4, '=')
}
