import { hash } from 'node:crypto'

/** The hash under which an entry is found by its id, in hex. */
export function entryHash(id: string): string {
  // Half of a character beyond 16 bits has no UTF-8, and all halves would turn into the same replacement.
  return hash('sha256', id.isWellFormed() ? id : Buffer.from(id, 'utf16le'))
}
