import { decrypt, encrypt } from './cipher.js'
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
    return first === undefined ? { plain: text } : { sealed: sealText(first, text, boundTo) }
  }

  /** Opens a text. Throws a `SealError` if it cannot be opened. */
  open(sealed: Partial<Record<'sealed' | 'plain', unknown>>, boundTo: string): string {
    if (typeof sealed.sealed === 'string') return this.#openSealed(sealed.sealed, boundTo)
    if (typeof sealed.plain !== 'string') throw new SealError('It holds no delivery.')
    if (this.#mayBePlain) return sealed.plain
    // Anyone who can write into the queue could forge a delivery.
    throw new SealError('It is not sealed. To accept it, set plaintext: true beside the sealingKeys.')
  }

  #openSealed(sealed: string, boundTo: string): string {
    if (this.#keys.length === 0) throw new SealError('It is sealed, and there are no sealingKeys here.')
    const [id = '', content = ''] = sealed.split('.', 2)
    const key = this.#keys.find((known) => known.id === id)
    if (key !== undefined) return openText(key, content, boundTo)
    throw new SealError(`It was sealed with the key ${JSON.stringify(id)}: add that key to the sealingKeys.`)
  }
}

const PURPOSE = 'mailbox-hooks sealed text'

/** Returns the key's id, a dot, and the base64url of what is sealed. */
function sealText({ id, bytes }: CheckedKey, text: string, boundTo: string): string {
  return `${id}.${encrypt(bytes, Buffer.from(text), { purpose: PURPOSE, boundTo }).toString('base64url')}`
}

function openText({ bytes }: CheckedKey, content: string, boundTo: string): string {
  try {
    return decrypt(bytes, Buffer.from(content, 'base64url'), { purpose: PURPOSE, boundTo }).toString()
  } catch (cause) {
    throw new SealError('It was changed, or it belongs to another delivery.', { cause })
  }
}
