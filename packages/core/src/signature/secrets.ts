import { isUtf8 } from 'node:buffer'
import { unsetFault } from '../options/unset-text.js'
import { isExactSecret } from './exact-secret.js'
import type { KeyForm } from './key-form.js'

/** A secret as text (its UTF-8 bytes are the key) or as bytes. */
export type Secret = string | Uint8Array

/** Secrets, possibly undefined as read from the environment. A missing one throws at start, not at the first delivery. */
export type SecretsOption = SecretsHolder['secrets']

/** By way of it, messages of the compiler show the list itself, not the name `SecretsOption`. */
interface SecretsHolder {
  readonly secrets: readonly (Secret | undefined)[]
}

/** Returns the secrets of a provider. Throws a `TypeError` that says which one is wrong, without showing it. */
export function checkSecrets(provider: string, secrets: SecretsOption, form: KeyForm = 'text'): readonly Secret[] {
  if (!Array.isArray(secrets) || secrets.length === 0) {
    throw new TypeError(
      `${provider}: secrets must be a list with at least one secret, e.g. { secrets: [process.env.KEY] }`,
    )
  }
  return secrets.map((secret: Secret | undefined, index) => {
    const fault = secretFault(secret, form)
    if (fault !== undefined) throw new TypeError(`${provider}: secrets[${index}] ${fault}`)
    // Without a fault it is a secret.
    return secret as Secret
  })
}

/** Returns the fault of a secret, to be printed behind its name, or undefined. It never quotes the secret. */
function secretFault(secret: Secret | undefined, form: KeyForm): string | undefined {
  if (secret === undefined || secret === null) return 'is undefined: is its environment variable set?'
  if (isExactSecret(secret)) return undefined
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) return 'must be a string'
  if (secret.length === 0) return 'is empty: anybody could sign with an empty secret'
  if (typeof secret !== 'string') return faultOfBytes(secret)
  // A public key in PEM has lines.
  const isPem = form === 'spki' && secret.startsWith('-----BEGIN ')
  return faultOfText(isPem ? secret.replace(/\s/g, '') : secret)
}

const WHITE_SPACE = "contains white space, which no provider's secret has: remove the stray character"

function faultOfText(text: string): string | undefined {
  // Check this first, because an unset secret may read `[object Object]`.
  const unset = unsetFault(text)
  if (unset !== undefined) return unset
  if (/\s/.test(text)) return WHITE_SPACE
  if (INVISIBLE.test(text)) return 'contains an invisible character: copy the secret again, or type it'
  if (/\\[nr]/.test(text)) {
    return 'contains a line end written as \\n or \\r: remove it, or pass the secret as bytes if it belongs there'
  }
  if (/^(["'`]).*\1$|^[“”„‘’«].*[“”‘’»]$/.test(text)) {
    return 'is wrapped in quotes, as some .env readers leave it: remove them, or nothing verifies'
  }
  return undefined
}

/** Returns a text without white space and NUL at its ends. */
function trimEnds(text: string): string {
  let [start, end] = [0, text.length]
  const isBlank = (at: number) => /[\s\0]/.test(text.charAt(at))
  while (start < end && isBlank(start)) start++
  while (end > start && isBlank(end - 1)) end--
  return text.slice(start, end)
}

/** Control and format characters, invisible characters, lone surrogates, and the replacement character. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800\uFFFD]/u

/** Returns the fault of a secret in bytes. Random bytes may be anything, but text was probably read from a file. */
function faultOfBytes(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = Buffer.from(bytes).toString('utf8')
  const trimmed = trimEnds(text)
  // Other control characters belong to a random key that happens to be UTF-8.
  if (/\p{Cc}/u.test(trimmed)) return undefined
  if (trimmed !== text) return WHITE_SPACE
  return unsetFault(text) ?? (INVISIBLE.test(text) ? faultOfText(text) : undefined)
}
