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
      // Upper and lower case spell the same bytes.
      return text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text) ? Buffer.from(text, 'hex') : undefined
    case 'base64':
      return decodeBase64(text)
    case 'text':
      return text === '' ? undefined : Buffer.from(text, 'latin1')
  }
}

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
