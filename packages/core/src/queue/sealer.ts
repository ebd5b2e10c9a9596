import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { type CheckedKey, checkSealingKeys, type SealingOptions } from './sealing-keys.js'

/** A payload that does not open: sealed with a key that is not at hand, changed, or moved to another delivery. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

/** A text as it lies in a queue. */
export type Sealed = { readonly sealed: string } | { readonly plain: string }

/**
 * Seals texts with AES-256-GCM, each bound to what it belongs to: it opens with the same `boundTo` and no other. With
 * `plaintext: true` and no keys, texts stay as they are.
 */
export class Sealer {
  readonly #keys: readonly CheckedKey[]
  readonly #mayBePlain: boolean

  /** Throws a `TypeError` where neither `sealingKeys` nor `plaintext` says how. */
  constructor(owner: string, options: SealingOptions) {
    this.#keys = checkSealingKeys(owner, options)
    this.#mayBePlain = options.plaintext ?? false
  }

  seal(text: string, boundTo: string): Sealed {
    const [first] = this.#keys
    return first === undefined ? { plain: text } : { sealed: encrypt(first, text, boundTo) }
  }

  /** Throws a `SealError` for what does not open. */
  open(sealed: Partial<Record<'sealed' | 'plain', unknown>>, boundTo: string): string {
    if (typeof sealed.sealed === 'string') return this.#decrypt(sealed.sealed, boundTo)
    if (typeof sealed.plain !== 'string') throw new SealError('It holds no delivery.')
    if (this.#mayBePlain) return sealed.plain
    // Whoever can write into the queue could pass anything off as a delivery.
    throw new SealError('It is not sealed. plaintext: true beside the sealingKeys takes such ones, too.')
  }

  #decrypt(sealed: string, boundTo: string): string {
    if (this.#keys.length === 0) throw new SealError('It is sealed, and there are no sealingKeys here.')
    const [id = '', content = ''] = sealed.split('.', 2)
    const key = this.#keys.find((known) => known.id === id)
    if (key !== undefined) return decrypt(key, content, boundTo)
    throw new SealError(`It was sealed with the key ${JSON.stringify(id)}: add that one to the sealingKeys.`)
  }
}

const CIPHER = 'aes-256-gcm'
const SALT_BYTES = 16
const TAG_BYTES = 16
const KEY_BYTES = 32
const NONCE_BYTES = 12

/** Returns the key's id, a dot, and the base64url of salt, tag and ciphertext. */
function encrypt(sealingKey: CheckedKey, text: string, boundTo: string): string {
  const salt = randomBytes(SALT_BYTES)
  const { key, nonce } = derive(sealingKey, salt)
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(boundTo))
  const ciphertext = [cipher.update(text, 'utf8'), cipher.final()]
  return `${sealingKey.id}.${Buffer.concat([salt, cipher.getAuthTag(), ...ciphertext]).toString('base64url')}`
}

function decrypt(sealingKey: CheckedKey, content: string, boundTo: string): string {
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

/**
 * Each text has a key and nonce of its own, made of its salt by HKDF: random nonces under one key may serve for 2^32
 * texts (NIST SP 800-38D, 8.3), which is five days of 10,000 a second.
 */
function derive({ bytes }: CheckedKey, salt: Uint8Array) {
  const derived = Buffer.from(hkdfSync('sha256', bytes, salt, 'mailbox-hooks sealed text', KEY_BYTES + NONCE_BYTES))
  return { key: derived.subarray(0, KEY_BYTES), nonce: derived.subarray(KEY_BYTES) }
}
