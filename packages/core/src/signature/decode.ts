export type SignatureEncoding = 'hex' | 'base64' | 'text'

/**
 * The bytes that a text stands for, undefined when it is not exactly that encoding.
 *
 * Node's own decoders stop at the first wrong character or skip it, so one signature would have endless spellings and a
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

/** 32 bytes as hex. Both cases are read: they are the same bytes. */
const isHexDigest = (text: string) => text.length === 64 && /^[0-9a-fA-F]+$/.test(text)

/** 32 bytes as base64: 43 characters, of which the last has two bits that must be zero, and one `=`. */
const isBase64Digest = (text: string) => text.length === 44 && /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text)
