import { createHmac } from 'node:crypto'
import { unsetFault } from '../options/unset-text.js'

/** A sealing key: 32 random bytes, or their base64 text (`openssl rand -base64 32`). */
export type SealingKey = string | Uint8Array

/** The options for payloads in a queue. */
export interface SealingOptions {
  /**
   * Lists the sealing keys. The first key seals, and every key opens. A process without a key cannot open its jobs. To
   * rotate, add the new key behind the old one in every process. Then put it first in every process. Then remove the old
   * key when its jobs are done.
   *
   * A seal keeps a job secret and unchanged. It does not tie the job to a queue or a time: whoever can write into the queue
   * can put an old job back, or move it to another queue of the same key. Give each queue its own key.
   */
  readonly sealingKeys?: readonly (SealingKey | undefined)[] | undefined
  /**
   * Without `sealingKeys`, stores payloads in plain text, including credentials. With `sealingKeys`, payloads are sealed,
   * and those that are already in the queue in plain text still open. Default false.
   */
  readonly plaintext?: boolean | undefined
}

export interface CheckedKey {
  /** Identifies the key without revealing it. */
  readonly id: string
  readonly bytes: Uint8Array
}

const KEY_BYTES = 32

/** Returns the keys. Throws a `TypeError` that says which one is wrong, without showing it. */
export function checkSealingKeys(
  owner: string,
  { sealingKeys, plaintext = false }: SealingOptions,
): readonly CheckedKey[] {
  if (typeof plaintext !== 'boolean') throw new TypeError(`${owner}: plaintext must be true or false`)
  if (sealingKeys === undefined && plaintext) return []
  if (!Array.isArray(sealingKeys) || sealingKeys.length === 0) {
    throw new TypeError(
      `${owner}: payloads contain passwords, and anyone with access to the queue could read them. Pass sealingKeys, a ` +
        'list of keys of 32 bytes (openssl rand -base64 32), or plaintext: true if that is what you want',
    )
  }
  return sealingKeys.map((key: SealingKey | undefined, index) => checkKey(`${owner}: sealingKeys[${index}]`, key))
}

function checkKey(label: string, key: SealingKey | undefined): CheckedKey {
  if (key === undefined || key === null) throw new TypeError(`${label} is undefined: is its environment variable set?`)
  const bytes = typeof key === 'string' ? fromBase64(label, key) : key
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${label} must be 32 bytes or their base64 text`)
  if (bytes.length !== KEY_BYTES) throw new TypeError(`${label} must have 32 bytes, not ${bytes.length}`)
  const id = createHmac('sha256', bytes).update('mailbox-hooks sealing key').digest().subarray(0, 8).toString('hex')
  // A copy, because the caller may wipe its own bytes.
  return { id, bytes: Uint8Array.from(bytes) }
}

function fromBase64(label: string, text: string): Uint8Array {
  const unset = unsetFault(text)
  if (unset !== undefined) throw new TypeError(`${label} ${unset}`)
  // Node's decoder skips unknown characters, which would result in another key.
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) throw new TypeError(`${label} is not base64`)
  return Buffer.from(text, 'base64')
}
