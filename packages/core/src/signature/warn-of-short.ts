import type { DecodedKey } from './decode-key.js'

/** 128 bits, the least that cannot be guessed. */
const MIN_BYTES = 16

const warned = new Set<string>()

/** Warns once of a secret that is short enough to be guessed offline from a captured request. */
export function warnOfShort(provider: string, keys: readonly DecodedKey[]): void {
  if (warned.has(provider) || keys.every(({ bytes }) => bytes.length >= MIN_BYTES)) return
  warned.add(provider)
  process.emitWarning(
    `${provider}: a secret has less than ${MIN_BYTES} bytes. Use a longer one where the provider allows it.`,
    {
      code: 'MAILBOX_HOOKS_SHORT_SECRET',
    },
  )
}
