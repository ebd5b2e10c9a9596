import { createHash, type Hash, hash } from 'node:crypto'

const HASHES = {
  sha1: { blockBytes: 64, digestBytes: 20 },
  sha256: { blockBytes: 64, digestBytes: 32 },
  sha512: { blockBytes: 128, digestBytes: 64 },
} as const

/** The hash function of an HMAC. */
export type HashName = keyof typeof HASHES

// `Object.keys` forgets the names.
export const HASH_NAMES = Object.keys(HASHES) as readonly HashName[]

/** Up to this length, joining the signed content is faster than hashing it in parts. */
const JOINED_BYTES = 16_384

/**
 * Computes an HMAC (RFC 2104) under one key. The key is prepared once, so a usual body takes little more than half the
 * time of `createHmac`.
 *
 * Digests are taken as latin1 texts ('binary'), because creating a `Buffer` for each costs more than hashing a block.
 */
export class HmacKey {
  readonly #hash: HashName
  readonly #blockBytes: number
  /** The hash state after the key's inner block. */
  readonly #begun: Hash
  /** The key's blocks, with room behind them for the content. Each is filled and hashed without an await between. */
  readonly #inner: Buffer
  readonly #outer: Buffer
  readonly #signature: Buffer

  constructor(secret: string | Uint8Array, hashName: HashName = 'sha256') {
    const { blockBytes, digestBytes } = HASHES[hashName]
    const key = hmacBlock(typeof secret === 'string' ? Buffer.from(secret, 'utf8') : secret, hashName)
    this.#hash = hashName
    this.#blockBytes = blockBytes
    this.#inner = keyBlock(key, 0x36, JOINED_BYTES)
    this.#outer = keyBlock(key, 0x5c, digestBytes)
    this.#signature = Buffer.alloc(digestBytes)
    this.#begun = createHash(hashName).update(this.#inner.subarray(0, blockBytes))
  }

  /**
   * Signs `before` followed by `body`. `before` is header text, so latin1 preserves its bytes. The next signature
   * overwrites the returned bytes, so compare them at once.
   */
  sign(before: string, body: Uint8Array): Buffer {
    const isShort = before.length + body.length <= JOINED_BYTES
    const digest = isShort ? this.#hashJoined(before, body) : this.#hashInParts(before, body)
    this.#outer.write(digest, this.#blockBytes, 'binary')
    this.#signature.write(hash(this.#hash, this.#outer, 'binary'), 'binary')
    return this.#signature
  }

  #hashJoined(before: string, body: Uint8Array): string {
    const bodyAt = this.#blockBytes + this.#inner.write(before, this.#blockBytes, 'binary')
    this.#inner.set(body, bodyAt)
    return hash(this.#hash, this.#inner.subarray(0, bodyAt + body.length), 'binary')
  }

  #hashInParts(before: string, body: Uint8Array): string {
    return this.#begun.copy().update(before, 'binary').update(body).digest('binary')
  }
}

/**
 * Returns the block of a key in HMAC. A longer key is replaced by its hash, and a shorter one is filled with zeros. Keys
 * with the same block sign alike.
 */
export function hmacBlock(key: Uint8Array, hashName: HashName): Buffer {
  const block = Buffer.alloc(HASHES[hashName].blockBytes)
  block.set(key.length > block.length ? createHash(hashName).update(key).digest() : key)
  return block
}

/** Returns the block padded as RFC 2104 says, with room behind it. */
function keyBlock(block: Uint8Array, pad: number, room: number): Buffer {
  const padded = Buffer.alloc(block.length + room)
  for (const [index, byte] of block.entries()) padded[index] = byte ^ pad
  return padded
}
