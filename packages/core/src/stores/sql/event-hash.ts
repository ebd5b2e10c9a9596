import { hash } from 'node:crypto'

/**
 * The primary key of a text, in hex: of one length, whatever the text's, and blind to the collations of the database.
 */
export function eventHash(key: string): string {
  // Half of a character beyond 16 bits has no UTF-8, and all halves would turn into the same replacement.
  return hash('sha256', key.isWellFormed() ? key : Buffer.from(key, 'utf16le'))
}

const LIMIT_CHARACTERS = 4096

/** A text as people find it in the table: not longer than they would read, and without what a database cannot keep. */
export function readable(text: string): string {
  return text.slice(0, LIMIT_CHARACTERS).toWellFormed().replaceAll('\0', '\ufffd')
}
