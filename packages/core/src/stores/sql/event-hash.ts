import { hash } from 'node:crypto'

/** Returns the primary key of a text, in hex. It has a fixed length and does not depend on the database's collations. */
export function eventHash(key: string): string {
  // A lone surrogate has no UTF-8, and all of them would become the same replacement.
  return hash('sha256', key.isWellFormed() ? key : Buffer.from(key, 'utf16le'))
}

const LIMIT_CHARACTERS = 4096

/** Returns a text for people who read the table: shortened, and without characters that a database cannot store. */
export function readable(text: string): string {
  return text.slice(0, LIMIT_CHARACTERS).toWellFormed().replaceAll('\0', '\ufffd')
}

/** Returns the text in characters that every database has, with an escape for each other one. */
export const inAscii = (text: string) =>
  text.replace(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
