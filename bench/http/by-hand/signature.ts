import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { SECRET } from '../../signing.js'

const WINDOW_SECONDS = 300

/** Whether a body was signed with the secret, in the last five minutes. */
export function isSigned(headers: IncomingHttpHeaders, body: Uint8Array): boolean {
  const { 'x-timestamp': timestamp, 'x-signature': signature } = headers
  if (typeof timestamp !== 'string' || typeof signature !== 'string') return false
  if (!/^\d{1,12}$/.test(timestamp) || !/^[0-9a-f]{64}$/.test(signature)) return false
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > WINDOW_SECONDS) return false
  const expected = createHmac('sha256', SECRET).update(`${timestamp}.`).update(body).digest()
  return timingSafeEqual(Buffer.from(signature, 'hex'), expected)
}
