import { stripVTControlCharacters } from 'node:util'
import { secretCutter } from '@mailbox-hooks/core/queue'

/**
 * Returns a text of somebody else's, safe to print: on one line, without anything that a terminal would obey or that
 * changes the order of what is read, and with `[hidden]` in the place of secrets.
 *
 * Strips first and hides afterwards: an escape within a secret would hide the secret from being found.
 */
export function printable(text: string, hidden: readonly string[]): string {
  return secretCutter(hidden, '[hidden]')(withoutControls(text)).trim()
}

/** Returns a text without anything that a terminal would obey, on one line. */
export function withoutControls(text: string): string {
  // Nearly all lines are the program's own.
  if (/^[\x20-\x7e]*$/.test(text)) return text
  return stripVTControlCharacters(text)
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
}

export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}
