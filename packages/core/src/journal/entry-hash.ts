import { hash } from 'node:crypto'

/** Returns the hash by which an entry is found by its id, in hex. */
export function entryHash(id: string): string {
  // A lone surrogate has no UTF-8, and all of them would become the same replacement.
  return hash('sha256', id.isWellFormed() ? id : Buffer.from(id, 'utf16le'))
}
