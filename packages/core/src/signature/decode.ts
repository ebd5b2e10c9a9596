export type SignatureEncoding = 'hex' | 'base64' | 'text'

/**
 * Returns the decoded bytes, or undefined if the text is not exactly in that encoding.
 *
 * Node's own decoders stop at the first wrong character or skip it. One signature would then have endless spellings, and a
 * truncated one would still decode.
 */
export function decodeSignature(text: string, encoding: SignatureEncoding): Buffer | undefined {
  switch (encoding) {
    case 'hex':
      return isHexDigest(text) ? Buffer.from(text, 'hex') : undefined
    case 'base64':
      return isBase64Digest(text) ? Buffer.from(text, 'base64') : undefined
    case 'text':
      return text === '' ? undefined : Buffer.from(text, 'latin1')
  }
}

/** 32 bytes as hex, in upper or lower case. */
const isHexDigest = (text: string) => text.length === 64 && /^[0-9a-fA-F]+$/.test(text)

/** 32 bytes as base64: 43 characters and one `=`. The last two bits of the last character must be zero. */
const isBase64Digest = (text: string) => text.length === 44 && /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text)
