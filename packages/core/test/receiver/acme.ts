import { createHmac } from 'node:crypto'
import { createReceiver, type Outcome, type ReceiverOptions, type WebhookRequest } from '@mailbox-hooks/core'
import { custom } from '../providers/custom.js'

export const BODY = '{"id":"evt_1"}'
export const mac = (content: string) => createHmac('sha256', 'key').update(content).digest('hex')
/** A delivery as the provider of `custom` sends it. */
export const SENT = { headers: { 'x-acme': mac(BODY) }, body: BODY }

/** A request of a genuine sender, with other parts. */
export const request = (parts: Partial<WebhookRequest> & { more?: Record<string, string> } = {}): WebhookRequest => {
  const { more, ...others } = parts
  const headers: Record<string, string> = { ...SENT.headers, ...more }
  return {
    method: 'POST',
    header: (name) => headers[name],
    readBody: async () => Buffer.from(BODY),
    isOpenEnded: () => false,
    ...others,
  }
}

/** A receiver of that provider. */
export function setUp(options: Partial<ReceiverOptions> = {}) {
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [custom({})],
    leaseMs: 5_000,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  return { receiver, outcomes }
}
