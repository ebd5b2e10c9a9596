import { execFileSync } from 'node:child_process'

/** HMAC-SHA256 by another program than the one under test. The key must hold no comma or colon. */
export function opensslHmac(key: string, content: string | Uint8Array): Buffer {
  return execFileSync('openssl', ['dgst', '-sha256', '-hmac', key, '-binary'], { input: content })
}
