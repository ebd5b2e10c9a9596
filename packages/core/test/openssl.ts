import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { hasCommand } from '../../../test/servers/commands.js'

/** Where it is absent the platform's HMAC, which is not the one under test either, takes its place. */
export const hasOpenssl = hasCommand('openssl')

/** HMAC-SHA256 by another program than the one under test. The key must hold no comma or colon. */
export function opensslHmac(key: string, content: string | Uint8Array): Buffer {
  if (!hasOpenssl) return createHmac('sha256', key).update(content).digest()
  return execFileSync('openssl', ['dgst', '-sha256', '-hmac', key, '-binary'], { input: content })
}
