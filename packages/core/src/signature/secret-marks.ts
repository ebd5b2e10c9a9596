import { hash } from 'node:crypto'
import { HASH_NAMES, hmacBlock } from './hmac-key.js'

/**
 * Returns marks by which equal secrets are found, however they are written: as text, or as the bytes that the text spells in
 * base64 or hex.
 *
 * A mark is a hash of its secret. Compare it at once, and never keep or print it. A hash under a random key would tell
 * nothing, but some runtimes have no random values while a module loads.
 */
export const secretMarks = (keys: readonly Uint8Array[]): readonly string[] => [
  ...new Set(keys.flatMap(formsOf).flatMap(marksOf)),
]

/** Keys that an HMAC takes for the same have the same block. */
const marksOf = (key: Uint8Array): readonly string[] =>
  HASH_NAMES.map((name) => hash('sha256', hmacBlock(key, name), 'base64url'))

function formsOf(key: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(key).toString('latin1')
  const bare = text.replace(/^wh(?:sec|pk)_/, '')
  const forms = [key, Buffer.from(bare, 'latin1')]
  if (/^(?:[0-9a-f]{2}){8,}$/i.test(bare)) forms.push(Buffer.from(bare, 'hex'))
  const bytes = Buffer.from(bare, 'base64')
  // Node's decoder skips what it does not know: only what spells these bytes exactly is their spelling.
  const isExact = [bytes.toString('base64'), bytes.toString('base64url')].some(
    (form) => bare.replaceAll('=', '') === form.replaceAll('=', ''),
  )
  if (bytes.length >= 12 && isExact) forms.push(bytes)
  return forms
}
