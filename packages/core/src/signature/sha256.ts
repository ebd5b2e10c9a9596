import { createHash } from 'node:crypto'

/** Returns `sha256:` and the hash in hex. It replaces content that is too long for an id. */
export const sha256 = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`
