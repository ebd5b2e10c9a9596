export type SignatureEncoding = 'hex' | 'base64' | 'text'

/**
 * Returns the decoded bytes, or undefined if the text is not exactly in that encoding.
 *
 * Node's own decoders stop at the first wrong character or skip it. One signature would then have endless spellings, and a
 * truncated one would still decode.
 */
export function decodeExactly(text: string, encoding: SignatureEncoding): Buffer | undefined {
  switch (encoding) {
    case 'hex':
      return decodeHex(text)
    case 'base64':
      return decodeBase64(text)
    case 'text':
      return text === '' ? undefined : Buffer.from(text, 'latin1')
  }
}

const NO_DIGIT = -1

/** The values of hexadecimal digits by their codes. Upper and lower case spell the same bytes. */
const HEX_VALUES = new Int8Array(128).fill(NO_DIGIT)
for (const [value, digits] of [...'0123456789', 'aA', 'bB', 'cC', 'dD', 'eE', 'fF'].entries()) {
  for (const digit of digits) HEX_VALUES[digit.charCodeAt(0)] = value
}

/**
 * Checks and decodes in one pass, which takes two thirds of a pattern and `Buffer.from`. The bytes are a Buffer's: OpenSSL
 * takes longer for those of a small `Uint8Array`, which have to be moved first.
 */
function decodeHex(text: string): Buffer | undefined {
  if (text === '' || text.length % 2 !== 0) return undefined
  const bytes = Buffer.allocUnsafe(text.length / 2)
  let seen = 0
  for (let at = 0; at < bytes.length; at++) {
    const high = hexValue(text.charCodeAt(at * 2))
    const low = hexValue(text.charCodeAt(at * 2 + 1))
    seen |= high | low
    bytes[at] = (high << 4) | low
  }
  // Any wrong digit leaves the sign of its value.
  return seen < 0 ? undefined : bytes
}

const hexValue = (code: number) => (code < HEX_VALUES.length ? HEX_VALUES[code]! : NO_DIGIT)

/** Accepts the standard alphabet with padding. The unused bits of the last character must be zero. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined
}

/** Returns the 32 bytes of a digest by SHA-256, or undefined if the text is not exactly that. */
export function decodeDigest(text: string, encoding: 'hex' | 'base64'): Buffer | undefined {
  const bytes = decodeExactly(text, encoding)
  return bytes?.length === 32 ? bytes : undefined
}
