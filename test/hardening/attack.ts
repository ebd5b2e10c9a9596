import { createHash, createHmac } from 'node:crypto'
import {
  coldMailReseller,
  createReceiver,
  inboxKit,
  memoryStore,
  type Outcome,
  openMail,
  type Provider,
  type ReceiverOptions,
  type Reception,
} from '@mailbox-hooks/core'

export const KEY = 'a-key-of-thirty-two-characters-00'
export const NOW = 1_767_225_600_000
const SECONDS = String(NOW / 1000)

const CMR_KEY = `cmr-${KEY}`
const INBOXKIT_KEY = `inboxkit-${KEY}`

const providers = () => [
  openMail({ secrets: [KEY] }),
  coldMailReseller({ secrets: [CMR_KEY] }),
  inboxKit({ secrets: [INBOXKIT_KEY] }),
]

type Headers = Readonly<Record<string, string>>
type Body = string | Uint8Array

const hmac = (key: string, ...parts: readonly Body[]) =>
  parts.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest('hex')

/** The headers with which each provider proves a body, by somebody who has its secret. */
export const PROOFS: Readonly<Record<string, (body: Body) => Headers>> = {
  openmail: (body) => ({ 'x-timestamp': SECONDS, 'x-signature': hmac(KEY, `${SECONDS}.`, body) }),
  'cold-mail-reseller': (body) => ({ 'cmr-x-timestamp': SECONDS, 'cmr-x-signature': hmac(CMR_KEY, body) }),
  // The same for every body: it takes no secret to send another one, only a look at one request.
  inboxkit: () => ({
    'x-inboxkit-timestamp': new Date(NOW).toISOString(),
    'x-inboxkit-signature': `sha256=${createHash('sha256').update(INBOXKIT_KEY).digest('hex')}`,
  }),
}

export interface Attack {
  readonly headers: Headers
  readonly body: Body
}

/** A receiver of all providers that keeps what it reports. */
export function target(options: Partial<ReceiverOptions<readonly Provider[]>> = {}) {
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: providers(),
    store: memoryStore(),
    now: () => NOW,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  const receive = ({ headers, body }: Attack): Promise<Reception> =>
    receiver.receive({
      method: 'POST',
      // As Node does: only what was sent is found, whatever it is called.
      header: (name) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
      readBody: async () => Buffer.from(body as Uint8Array),
      isOpenEnded: () => false,
    })
  return { receive, outcomes }
}
