import { createHmac, randomBytes } from 'node:crypto'
import { HASH_NAMES, hmacBlock } from './hmac-key.js'

/**
 * Marks by which equal secrets are found, however they are written: as text, or as the bytes that the text spells in
 * base64 or hex. A mark tells nothing of its secret, and differs from process to process.
 */
export const secretMarks = (keys: readonly Uint8Array[]): readonly string[] => [
  ...new Set(keys.flatMap(formsOf).flatMap(marksOf)),
]

/** Made when first needed: some runtimes have no randomness while a module is loaded. */
let markingKey: Uint8Array | undefined

/** Keys that an HMAC takes for the same have the same block. */
function marksOf(key: Uint8Array): readonly string[] {
  markingKey ??= randomBytes(32)
  const ownKey = markingKey
  return HASH_NAMES.map((name) => createHmac('sha256', ownKey).update(hmacBlock(key, name)).digest('base64url'))
}

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
