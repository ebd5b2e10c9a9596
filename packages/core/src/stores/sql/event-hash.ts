import { createHash } from 'node:crypto'

/** Half of a character beyond 16 bits: it has no UTF-8, and all halves would turn into the same replacement. */
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * The primary key of a text, in hex: of one length, whatever the text's, and blind to the collations of the database.
 */
export function eventHash(key: string): string {
  const encoding = LONE_SURROGATE.test(key) ? 'utf16le' : 'utf8'
  return createHash('sha256').update(key, encoding).digest('hex')
}

const LIMIT_CHARACTERS = 4096

/** A text as people find it in the table: not longer than they would read, and without what a database cannot keep. */
export function readable(text: string): string {
  return text.slice(0, LIMIT_CHARACTERS).replace(/[\0\p{Surrogate}]/gu, '\ufffd')
}
