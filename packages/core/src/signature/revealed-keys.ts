import { HASH_NAMES, hmacBlock } from './hmac-key.js'

/** A shorter key may occur in other bytes by chance. */
const MIN_LENGTH = 4

/**
 * Returns whether one of the tokens, which are in the header of every request, reveals this HMAC key: as its bytes, as a
 * spelling of them, or because HMAC treats a key longer than its block like the key's hash.
 */
export function isRevealed(key: Uint8Array, tokens: readonly Uint8Array[]): boolean {
  return tokens.flatMap(spellings).some((shown) => {
    const isPart = key.length >= MIN_LENGTH && shown.includes(Buffer.from(key))
    return isPart || HASH_NAMES.some((name) => hmacBlock(shown, name).equals(hmacBlock(key, name)))
  })
}

/** A token as bytes, and in the letters in which a header may show it. */
function spellings(token: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(token)
  const hex = bytes.toString('hex')
  const texts = [hex, hex.toUpperCase(), bytes.toString('base64'), bytes.toString('base64url')]
  return [bytes, ...texts.map((text) => Buffer.from(text))]
}
