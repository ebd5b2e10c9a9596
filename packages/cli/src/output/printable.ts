import { stripVTControlCharacters } from 'node:util'
import { secretCutter } from '@mailbox-hooks/core/queue'

/**
 * Returns a text of somebody else's, safe to print: on one line, without anything that a terminal would obey or that
 * changes the order of what is read, and with `[hidden]` in the place of secrets.
 *
 * Strips first and hides afterwards: an escape within a secret would hide the secret from being found.
 */
export function printable(text: string, hidden: readonly string[]): string {
  const stripped = stripVTControlCharacters(text)
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
  return secretCutter(hidden, '[hidden]')(stripped).trim()
}

export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}
