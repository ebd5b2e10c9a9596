import { createReceiver, type DedupStore, memoryStore, openMail, type WebhookRequest } from '@mailbox-hooks/core'
import { type Case, compare } from '../measure/compare.js'
import { freshKeys } from '../measure/fresh-key.js'
import { spreadOf } from '../measure/statistics.js'
import { handle } from '../memory/handle.js'
import { SECRET, signatureOf } from '../signing.js'
import { messageReceived } from '../verify/bodies.js'
import { TIMESTAMP } from '../verify/ours.js'
import { type Curve, counted } from './curve.js'

const SETTINGS = { rounds: 7, sliceMs: 25 }
const NOW = Number(TIMESTAMP) * 1000

/** Remembers everything as handled: one signed delivery serves for all rounds. */
const handledStore: DedupStore = {
  claim: async () => ({ status: 'done' }),
  complete: async () => true,
  release: async () => true,
  extend: async () => true,
}

export const byBodySize = (): Promise<Curve> =>
  measure('Body', 'bytes', [1000, 10_000, 100_000, 1_000_000], (bytes) => {
    const { receive } = createReceiver({ providers: [accountOf(0)], store: handledStore, now: () => NOW })
    return () => receive(delivery(bytes))
  })

/** The secret of the last account signs, so that all others are tried before it. */
export const byAccounts = (): Promise<Curve> =>
  measure('Accounts on one address', 'accounts', [1, 10, 100, 1000], (count) => {
    const providers = Array.from({ length: count }, (_, index) => accountOf(count - 1 - index))
    const { receive } = createReceiver({ providers, store: handledStore, now: () => NOW })
    return () => receive(delivery(700))
  })

export const byHandledEvents = (): Promise<Curve> =>
  measure('Handled events in memory', 'events', [1000, 10_000, 100_000, 1_000_000], async (count) => {
    const store = memoryStore({ maxKeys: count })
    const nextKey = freshKeys()
    for (let key = 0; key < count; key++) await handle(store, nextKey())
    return () => handle(store, nextKey())
  })

async function measure(
  title: string,
  axis: string,
  sizes: readonly number[],
  caseOf: (size: number) => Case | Promise<Case>,
): Promise<Curve> {
  const cases: Record<string, Case> = {}
  // The keys are no array indices, which would come in another order.
  for (const size of sizes) cases[`of ${size}`] = await caseOf(size)
  const timings = await compare(cases, SETTINGS)
  const points = sizes.map((at) => ({
    at,
    label: counted(at),
    micros: spreadOf(timings[`of ${at}`]!).median / 1000,
  }))
  return { title, axis, points }
}

/** Only the first has the secret that signs. */
const accountOf = (index: number) =>
  openMail({ account: `account-${index}`, secrets: [index === 0 ? SECRET : `${SECRET}-${index}`] })

const requests = new Map<number, WebhookRequest>()

/** Signed once: what is measured is what receiving takes. */
function delivery(bytes: number): WebhookRequest {
  const known = requests.get(bytes)
  if (known !== undefined) return known
  const body = messageReceived('evt_1', 'Hello Ada, the invoice for March is attached. ', bytes)
  const headers: Readonly<Record<string, string>> = {
    'x-timestamp': TIMESTAMP,
    'x-signature': signatureOf(TIMESTAMP, body).toString('hex'),
  }
  const request: WebhookRequest = {
    method: 'POST',
    header: (name) => headers[name],
    readBody: async () => body,
    isOpenEnded: () => false,
  }
  requests.set(bytes, request)
  return request
}
