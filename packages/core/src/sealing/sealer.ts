import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { CheckedKey } from './sealing-keys.js'

/** A payload that does not open: sealed with a key that is not at hand, changed, or moved to another delivery. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

const CIPHER = 'aes-256-gcm'
const SALT_BYTES = 16
const TAG_BYTES = 16
const KEY_BYTES = 32
const NONCE_BYTES = 12

/**
 * Seals texts with AES-256-GCM, each bound to what it belongs to: it opens with the same `boundTo` and no other.
 *
 * A sealed text is the key's id, a dot, and the base64url of salt, tag and ciphertext. Each text has a key and nonce of
 * its own, made of the salt by HKDF: random nonces under one key may serve for 2^32 texts (NIST SP 800-38D, 8.3), which
 * is five days of 10,000 a second.
 */
export class Sealer {
  readonly #first: CheckedKey
  readonly #keys: ReadonlyMap<string, CheckedKey>

  constructor(keys: readonly [CheckedKey, ...CheckedKey[]]) {
    this.#first = keys[0]
    this.#keys = new Map(keys.map((key) => [key.id, key]))
  }

  seal(text: string, boundTo: string): string {
    const salt = randomBytes(SALT_BYTES)
    const { key, nonce } = derive(this.#first, salt)
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(boundTo))
    const ciphertext = [cipher.update(text, 'utf8'), cipher.final()]
    return `${this.#first.id}.${Buffer.concat([salt, cipher.getAuthTag(), ...ciphertext]).toString('base64url')}`
  }

  /** Throws a `SealError` when it does not open. */
  open(sealed: string, boundTo: string): string {
    const [id = '', content = ''] = sealed.split('.', 2)
    const sealingKey = this.#keys.get(id)
    if (sealingKey === undefined) {
      throw new SealError(`It was sealed with the key ${JSON.stringify(id)}: add that one to the sealingKeys.`)
    }
    const bytes = Buffer.from(content, 'base64url')
    const { key, nonce } = derive(sealingKey, bytes.subarray(0, SALT_BYTES))
    try {
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(SALT_BYTES, SALT_BYTES + TAG_BYTES))
      return decipher.update(bytes.subarray(SALT_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    } catch (cause) {
      throw new SealError('It was changed, or it belongs to another delivery.', { cause })
    }
  }
}

function derive({ bytes }: CheckedKey, salt: Uint8Array) {
  const derived = Buffer.from(hkdfSync('sha256', bytes, salt, 'mailbox-hooks sealed text', KEY_BYTES + NONCE_BYTES))
  return { key: derived.subarray(0, KEY_BYTES), nonce: derived.subarray(KEY_BYTES) }
}
