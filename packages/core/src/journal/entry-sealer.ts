import { createHmac, hkdfSync } from 'node:crypto'
import { decrypt } from '../queue/cipher.js'
import { LongNonceCipher } from '../queue/long-nonce-cipher.js'
import { SealError } from '../queue/sealer.js'
import { type CheckedKey, checkSealingKeys, type SealingOptions } from '../queue/sealing-keys.js'

/** What a sealed part of a journal is. */
export type SealedPart = 'meta' | 'content' | 'error' | 'refusal'

/** The id under which plain parts lie. */
const PLAIN = ''

/** A sealing key, with the cipher that it is used by. */
interface EntryKey extends CheckedKey {
  readonly cipher: LongNonceCipher
}

/** Seals the parts of a journal's entries, each bound to the journal and its entry, and makes tokens of its index. */
export class EntrySealer {
  readonly #keys: readonly EntryKey[]
  readonly #mayBePlain: boolean
  readonly #indexKeys: readonly Uint8Array[]
  readonly #journalId: string
  /** Whether anything lies in a database, so that it is sealed, and its index must not tell what it is about. */
  readonly isStored: boolean

  constructor(owner: string, options: SealingOptions, journalId: string, isStored = true) {
    this.isStored = isStored
    this.#keys = checkSealingKeys(owner, options).map((key) => ({
      ...key,
      cipher: new LongNonceCipher(deriveKey(key.bytes, 'mailbox-hooks journal 2')),
    }))
    this.#mayBePlain = options.plaintext ?? false
    this.#journalId = journalId
    const plain = { id: PLAIN, bytes: Buffer.from(journalId, 'hex') }
    const all = this.#mayBePlain ? [...this.#keys, plain] : this.#keys
    this.#indexKeys = all.map(({ bytes }) => deriveKey(bytes, 'mailbox-hooks about 1'))
  }

  /** The id of the key that seals; `''` where parts stay plain. */
  get keyId(): string {
    return this.#keys[0]?.id ?? PLAIN
  }

  /** The ids of all parts that can be opened. */
  get keyIds(): readonly string[] {
    const ids = this.#keys.map(({ id }) => id)
    return this.#mayBePlain ? [...ids, PLAIN] : ids
  }

  seal(part: SealedPart, hash: string, content: Uint8Array): Uint8Array {
    const [first] = this.#keys
    return first === undefined ? content : first.cipher.encrypt(content, this.#boundTo(part, hash))
  }

  /** Throws a `SealError` that names the key. */
  open(part: SealedPart, hash: string, keyId: string, sealed: Uint8Array): Buffer {
    if (keyId === PLAIN) {
      if (this.#mayBePlain) return Buffer.from(sealed)
      // Anyone who can write into the database could forge a delivery.
      throw new SealError('The entry is not sealed. To accept it, set plaintext: true beside the sealingKeys.')
    }
    const key = this.#keys.find(({ id }) => id === keyId)
    if (key === undefined) {
      throw new SealError(
        `The entry was sealed with the key ${JSON.stringify(keyId)}: add that key to the sealingKeys.`,
      )
    }
    const boundTo = this.#boundTo(part, hash)
    try {
      return key.cipher.decrypt(sealed, boundTo)
    } catch {
      return openFormat1(key, sealed, part, boundTo)
    }
  }

  /** The token under which a new entry is found. */
  indexToken(text: string): string {
    return this.isStored ? tokenOf(this.#indexKeys[0]!, text) : text
  }

  /** Every token under which an entry may be found: keys change. */
  indexTokens(text: string): readonly string[] {
    return this.isStored ? this.#indexKeys.map((key) => tokenOf(key, text)) : [text]
  }

  #boundTo(part: SealedPart, hash: string): string {
    return JSON.stringify([part, this.#journalId, hash])
  }
}

/** Opens a part of an entry of format 1, whose parts have a key each, derived by HKDF. */
function openFormat1({ id, bytes }: EntryKey, sealed: Uint8Array, part: SealedPart, boundTo: string): Buffer {
  try {
    return decrypt(bytes, sealed, { purpose: `mailbox-hooks journal ${part}`, boundTo })
  } catch (cause) {
    throw new SealError(`The entry (key ${JSON.stringify(id)}) was changed, or belongs to another one.`, { cause })
  }
}

/** Returns the keys of tickets: the first signs, all verify. */
export const ticketKeysOf = (keys: readonly CheckedKey[]): readonly Uint8Array[] =>
  keys.map(({ bytes }) => deriveKey(bytes, 'mailbox-hooks ticket 1'))

const deriveKey = (key: Uint8Array, use: string) => Buffer.from(hkdfSync('sha256', key, '', use, 32))

const tokenOf = (key: Uint8Array, text: string) =>
  createHmac('sha256', key).update(text.toWellFormed()).digest().subarray(0, 16).toString('hex')
