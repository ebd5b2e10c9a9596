import { createHmac } from 'node:crypto'
import { unsetFault } from '../options/unset-text.js'

/** 32 random bytes, or their base64 text: `openssl rand -base64 32`. */
export type SealingKey = string | Uint8Array

/** How the payload of a delivery lies in a queue. */
export interface SealingOptions {
  /**
   * The first seals, all open. To change the key, put the new one behind the old one everywhere, then in front of it
   * everywhere, then drop the old one when its jobs are done: a process that has not got a key cannot open its jobs.
   */
  readonly sealingKeys?: readonly (SealingKey | undefined)[] | undefined
  /**
   * Says that payloads, credentials and all, shall lie in the queue as they are. With `sealingKeys`, payloads are
   * sealed, and those that were queued in plain text before still open. Default false.
   */
  readonly plaintext?: boolean | undefined
}

export interface CheckedKey {
  /** Names the key without telling anything of it. */
  readonly id: string
  readonly bytes: Uint8Array
}

const KEY_BYTES = 32

/** The keys, or a `TypeError` that says which one is wrong and never what it is. */
export function checkSealingKeys(
  owner: string,
  { sealingKeys, plaintext = false }: SealingOptions,
): readonly CheckedKey[] {
  if (typeof plaintext !== 'boolean') throw new TypeError(`${owner}: plaintext must be true or false`)
  if (sealingKeys === undefined && plaintext) return []
  if (!Array.isArray(sealingKeys) || sealingKeys.length === 0) {
    throw new TypeError(
      `${owner}: payloads carry passwords and would lie in the queue for all to read. Pass sealingKeys, a list of keys ` +
        'of 32 bytes (openssl rand -base64 32), or plaintext: true if that is what you want',
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
  // A copy: the caller may wipe its own.
  return { id, bytes: Uint8Array.from(bytes) }
}

function fromBase64(label: string, text: string): Uint8Array {
  const unset = unsetFault(text)
  if (unset !== undefined) throw new TypeError(`${label} ${unset}`)
  // Node's decoder skips what it does not know, and would make another key of it.
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) throw new TypeError(`${label} is not base64`)
  return Buffer.from(text, 'base64')
}
