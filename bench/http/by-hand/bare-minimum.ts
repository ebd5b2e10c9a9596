import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { SECRET } from '../../signing.js'

/** Verification in the fewest lines that are right: the event, or undefined for a signature that is wrong or old. */
export function verifyByHand(headers: IncomingHttpHeaders, body: Buffer): unknown {
  const timestamp = String(headers['x-timestamp'])
  const signature = Buffer.from(String(headers['x-signature']), 'hex')
  const expected = createHmac('sha256', SECRET).update(`${timestamp}.`).update(body).digest()
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300)) return undefined
  return JSON.parse(body.toString())
}
