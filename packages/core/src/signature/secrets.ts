import { isUtf8 } from 'node:buffer'
import { unsetFault } from '../options/unset-text.js'
import { ExactSecret } from './exact-secret.js'

/** A secret as text (its UTF-8 bytes are the key) or as bytes. */
export type Secret = string | Uint8Array

/** As read from the environment: a missing variable is found at start, not at the first delivery. */
export type SecretsOption = readonly (Secret | undefined)[]

/** Every secret of a provider, or a `TypeError` that says which one is wrong and never what it is. */
export function checkSecrets(provider: string, secrets: SecretsOption): readonly Secret[] {
  if (!Array.isArray(secrets) || secrets.length === 0) {
    throw new TypeError(
      `${provider}: secrets must be a list with at least one secret, e.g. { secrets: [process.env.KEY] }`,
    )
  }
  return secrets.map((secret: Secret | undefined, index) => {
    const fault = secretFault(secret)
    if (fault !== undefined) throw new TypeError(`${provider}: secrets[${index}] ${fault}`)
    // Without a fault it is a secret.
    return secret as Secret
  })
}

/** What is wrong with a secret, to be printed behind its name; undefined when nothing is. It never quotes the secret. */
function secretFault(secret: Secret | undefined): string | undefined {
  if (secret === undefined || secret === null) return 'is undefined: is its environment variable set?'
  if (secret instanceof ExactSecret) return undefined
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) return 'must be a string'
  if (secret.length === 0) return 'is empty: anybody could sign with an empty secret'
  return typeof secret === 'string' ? faultOfText(secret) : faultOfBytes(secret)
}

const WHITE_SPACE = "contains white space, which is part of no provider's secret: remove the stray character"

function faultOfText(text: string): string | undefined {
  // First, because what is not set may read `[object Object]`.
  const unset = unsetFault(text)
  if (unset !== undefined) return unset
  if (/\s/.test(text)) return WHITE_SPACE
  if (INVISIBLE.test(text)) return 'contains a character that cannot be seen: copy the secret once more, or type it'
  if (/\\[nr]/.test(text)) {
    return 'contains a line end written as \\n or \\r: remove it, or pass the secret as bytes if it belongs there'
  }
  if (/^(["'`]).*\1$|^[“”„‘’«].*[“”‘’»]$/.test(text)) {
    return 'is wrapped in quotes, as some .env readers leave it: remove them, or nothing verifies'
  }
  return undefined
}

/** Control and format characters, those that are drawn as nothing, halves of characters, and what replaces broken ones. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800\uFFFD]/u

/** A key of random bytes may hold anything. One that is text was most likely read from a file or the environment. */
function faultOfBytes(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = Buffer.from(bytes).toString('utf8')
  const trimmed = text.replace(/^[\s\0]+|[\s\0]+$/g, '')
  // Other control characters are those of a key that happens to be UTF-8.
  if (/\p{Cc}/u.test(trimmed)) return undefined
  if (trimmed !== text) return WHITE_SPACE
  return unsetFault(text) ?? (INVISIBLE.test(text) ? faultOfText(text) : undefined)
}
