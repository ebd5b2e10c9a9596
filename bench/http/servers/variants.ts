import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { SECRET } from '../../signing.js'

/**
 * The same route three times: without any check; with what people write by hand, which reads the body as their framework
 * offers it and hands over the parsed event; and with ours.
 */
export type Variant = 'bare' | 'by hand' | 'ours'

export const VARIANTS: readonly Variant[] = ['bare', 'by hand', 'ours']

/** Starts a server and resolves to its port. */
export type StartServer = (variant: Variant) => Promise<number>

export const OPTIONS = { providers: [openMail({ secrets: [SECRET] })] } satisfies ReceiverOptions

/** Verification in the fewest lines that are right: the event, or undefined for a signature that is wrong or old. */
export function verifyByHand({ headers }: Pick<IncomingMessage, 'headers'>, body: Buffer): unknown {
  const timestamp = String(headers['x-timestamp'])
  const signature = Buffer.from(String(headers['x-signature']), 'hex')
  const expected = createHmac('sha256', SECRET).update(`${timestamp}.`).update(body).digest()
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300)) return undefined
  return JSON.parse(body.toString())
}
