import { type Cipher, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const BLOCK_BYTES = 16
const NONCE_BYTES = 24
/** So much of the nonce derives the key; AES-256-GCM takes the rest as its own nonce. */
const DERIVING_BYTES = 12
const TAG_BYTES = 16
const LABEL = 'X'.charCodeAt(0)

/**
 * Encrypts with XAES-256-GCM (https://c2sp.org/XAES-256-GCM): AES-256-GCM under a key that is derived for each content, with
 * one call of AES. Its nonces are 24 random bytes, so that one key may serve for 2^80 contents. With the 12 bytes of
 * AES-256-GCM alone a key would have to change after 2^32 of them, which is five days of 10,000 a second.
 */
export class LongNonceCipher {
  readonly #aes: Cipher
  /** K1 of CMAC (NIST SP 800-38B). */
  readonly #subkey: Buffer

  /** Takes a key of 32 bytes, which nothing else may use. */
  constructor(key: Uint8Array) {
    this.#aes = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
    this.#subkey = doubled(this.#aes.update(Buffer.alloc(BLOCK_BYTES)))
  }

  /** Returns nonce, ciphertext and tag. They open with the same `boundTo` and no other. */
  encrypt(content: Uint8Array, boundTo: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#keyFor(nonce), nonce.subarray(DERIVING_BYTES))
    cipher.setAAD(Buffer.from(boundTo))
    const ciphertext = [cipher.update(content), cipher.final()]
    return Buffer.concat([nonce, ...ciphertext, cipher.getAuthTag()])
  }

  /** Throws for what was changed, or is bound to something else. */
  decrypt(sealed: Uint8Array, boundTo: string): Buffer {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const end = sealed.length - TAG_BYTES
    if (end < NONCE_BYTES) throw new Error('It is too short.')
    const options = { authTagLength: TAG_BYTES }
    const decipher = createDecipheriv('aes-256-gcm', this.#keyFor(nonce), nonce.subarray(DERIVING_BYTES), options)
    decipher.setAAD(Buffer.from(boundTo)).setAuthTag(sealed.subarray(end))
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()])
  }

  /** CMAC in counter mode (NIST SP 800-108): two blocks, each with its number and the first half of the nonce. */
  #keyFor(nonce: Uint8Array): Buffer {
    const derived = nonce.subarray(0, DERIVING_BYTES)
    const blocks = Buffer.from([0, 1, LABEL, 0, ...derived, 0, 2, LABEL, 0, ...derived])
    for (let at = 0; at < blocks.length; at++) blocks[at]! ^= this.#subkey[at % BLOCK_BYTES]!
    return this.#aes.update(blocks)
  }
}

/** Multiplies by x in GF(2^128), as CMAC does. */
function doubled(block: Buffer): Buffer {
  const result = Buffer.alloc(BLOCK_BYTES)
  for (let at = 0; at < BLOCK_BYTES; at++) result[at] = (block[at]! << 1) | ((block[at + 1] ?? 0) >> 7)
  if (block[0]! & 0x80) result[BLOCK_BYTES - 1]! ^= 0x87
  return result
}
