import type { ProviderUnderTest } from './provider-under-test.js'

type WrongForm = readonly [what: string, value: string]

/** Returns malformed spellings of a signature. The case of hex is not tested, because both cases are the same bytes. */
export function wrongForms(value: string, differences: ProviderUnderTest['differences'] = {}): readonly WrongForm[] {
  const { prefix, encoded, bytes } = takeApart(value)
  const forms: WrongForm[] = [
    ['that is empty', ''],
    ['that is nothing but its beginning', value.slice(0, 8)],
    ['without its last character', value.slice(0, -1)],
    ['without its first character', value.slice(1)],
    ['with one character more', `${value}0`],
    ['with one character more in front', `0${value}`],
    ['that stands there twice', value + encoded],
    ['with another first character', prefix + other(encoded.slice(0, 1)) + encoded.slice(1)],
    ['with a character of no encoding', `${value.slice(0, -4)}!${value.slice(-3)}`],
    ['with its prefix twice', `${prefix || 'sha256='}${prefix || 'sha256='}${encoded}`],
  ]
  const isOneForm = differences.anyForm === undefined
  if (isOneForm && prefix === '') forms.push(['with a prefix', `sha256=${encoded}`])
  if (isOneForm && prefix !== '') {
    forms.push(['without its prefix', encoded])
    forms.push(['with another prefix', `${other(prefix.slice(0, 1))}${prefix.slice(1)}${encoded}`])
  }
  if (bytes === undefined) return forms
  const isHex = encoded.length === HEX_LENGTH
  if (!isHex) forms.push(['in which bits are set that nobody reads', prefix + withUnusedBits(encoded)])
  const otherEncoding = isHex ? 'base64' : 'hex'
  if (isOneForm) forms.push([`in ${otherEncoding}`, prefix + bytes.toString(otherEncoding)])
  return [...forms, ['in the alphabet for URLs', prefix + bytes.toString('base64url')]]
}

const HEX_LENGTH = 64
const BASE64_LENGTH = 44

interface Parts {
  readonly prefix: string
  readonly encoded: string
  /** Undefined if it is neither hex nor base64, as a token may be. */
  readonly bytes: Buffer | undefined
}

/** An HMAC-SHA256, or other 32 bytes, with its prefix. */
function takeApart(value: string): Parts {
  const hex = value.slice(-HEX_LENGTH)
  if (/^[0-9a-fA-F]{64}$/.test(hex)) {
    return { prefix: value.slice(0, -HEX_LENGTH), encoded: hex, bytes: Buffer.from(hex, 'hex') }
  }
  const base64 = value.slice(-BASE64_LENGTH)
  if (/^[A-Za-z0-9+/]{43}=$/.test(base64)) {
    return { prefix: value.slice(0, -BASE64_LENGTH), encoded: base64, bytes: Buffer.from(base64, 'base64') }
  }
  return { prefix: '', encoded: value, bytes: undefined }
}

const other = (character: string) => (character === '0' ? '1' : '0')

/** Changes the last character of 32 bytes in base64, which encodes four bits and has two unused ones. */
function withUnusedBits(base64: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const last = alphabet.indexOf(base64.slice(42, 43))
  return `${base64.slice(0, 42)}${alphabet[last + 1]}=`
}
