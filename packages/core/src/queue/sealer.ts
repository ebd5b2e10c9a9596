import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { type CheckedKey, checkSealingKeys, type SealingOptions } from './sealing-keys.js'

/** A payload that cannot be opened: its key is missing, or it was changed or moved to another delivery. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

/** A text in a queue. */
export type Sealed = { readonly sealed: string } | { readonly plain: string }

/**
 * Seals texts with AES-256-GCM. A sealed text opens only with the same `boundTo`. With `plaintext: true` and no keys, texts
 * stay as they are.
 */
export class Sealer {
  readonly #keys: readonly CheckedKey[]
  readonly #mayBePlain: boolean

  /** Throws a `TypeError` if neither `sealingKeys` nor `plaintext` is set. */
  constructor(owner: string, options: SealingOptions) {
    this.#keys = checkSealingKeys(owner, options)
    this.#mayBePlain = options.plaintext ?? false
  }

  seal(text: string, boundTo: string): Sealed {
    const [first] = this.#keys
    return first === undefined ? { plain: text } : { sealed: encrypt(first, text, boundTo) }
  }

  /** Opens a text. Throws a `SealError` if it cannot be opened. */
  open(sealed: Partial<Record<'sealed' | 'plain', unknown>>, boundTo: string): string {
    if (typeof sealed.sealed === 'string') return this.#decrypt(sealed.sealed, boundTo)
    if (typeof sealed.plain !== 'string') throw new SealError('It holds no delivery.')
    if (this.#mayBePlain) return sealed.plain
    // Anyone who can write into the queue could forge a delivery.
    throw new SealError('It is not sealed. To accept it, set plaintext: true beside the sealingKeys.')
  }

  #decrypt(sealed: string, boundTo: string): string {
    if (this.#keys.length === 0) throw new SealError('It is sealed, and there are no sealingKeys here.')
    const [id = '', content = ''] = sealed.split('.', 2)
    const key = this.#keys.find((known) => known.id === id)
    if (key !== undefined) return decrypt(key, content, boundTo)
    throw new SealError(`It was sealed with the key ${JSON.stringify(id)}: add that key to the sealingKeys.`)
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
 * Derives a key and a nonce for each text, from its salt by HKDF. Random nonces under one key are safe for only 2^32 texts
 * (NIST SP 800-38D, 8.3), which is five days of 10,000 texts a second.
 */
function derive({ bytes }: CheckedKey, salt: Uint8Array) {
  const derived = Buffer.from(hkdfSync('sha256', bytes, salt, 'mailbox-hooks sealed text', KEY_BYTES + NONCE_BYTES))
  return { key: derived.subarray(0, KEY_BYTES), nonce: derived.subarray(KEY_BYTES) }
}
