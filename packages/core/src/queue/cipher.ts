import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const SALT_BYTES = 16
const TAG_BYTES = 16
const KEY_BYTES = 32
const NONCE_BYTES = 12

/** What sealed bytes are for, and what they belong to: they open with the same of both and no other. */
export interface Binding {
  /** The use of the key, for HKDF. */
  readonly purpose: string
  readonly boundTo: string
}

/** Returns salt, tag and ciphertext of AES-256-GCM. */
export function encrypt(key: Uint8Array, content: Uint8Array, { purpose, boundTo }: Binding): Buffer {
  const salt = randomBytes(SALT_BYTES)
  const { contentKey, nonce } = derive(key, salt, purpose)
  const cipher = createCipheriv(CIPHER, contentKey, nonce).setAAD(Buffer.from(boundTo))
  const ciphertext = [cipher.update(content), cipher.final()]
  return Buffer.concat([salt, cipher.getAuthTag(), ...ciphertext])
}

/** Throws for what was changed, or is bound to something else. */
export function decrypt(key: Uint8Array, sealed: Uint8Array, { purpose, boundTo }: Binding): Buffer {
  const { contentKey, nonce } = derive(key, sealed.subarray(0, SALT_BYTES), purpose)
  const decipher = createDecipheriv(CIPHER, contentKey, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(sealed.subarray(SALT_BYTES, SALT_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(SALT_BYTES + TAG_BYTES)), decipher.final()])
}

/**
 * Each content has a key and nonce of its own, made of its salt by HKDF: random nonces under one key may serve for 2^32
 * texts (NIST SP 800-38D, 8.3), which is five days of 10,000 a second.
 */
function derive(key: Uint8Array, salt: Uint8Array, purpose: string) {
  const derived = Buffer.from(hkdfSync('sha256', key, salt, purpose, KEY_BYTES + NONCE_BYTES))
  return { contentKey: derived.subarray(0, KEY_BYTES), nonce: derived.subarray(KEY_BYTES) }
}
