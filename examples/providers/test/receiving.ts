import { createReceiver, type Delivery, type Outcome, type Provider, type ReceiverOptions } from '@mailbox-hooks/core'
import type { Sender, Sent } from './senders.js'

/** When the vectors of the documents were made. */
export const SECONDS = 1_780_000_000

export interface Received {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** The deliveries that the handler, or the queue, was given. */
  readonly deliveries: readonly Delivery[]
  readonly outcome: Outcome | undefined
}

/** Delivers to a receiver that has seen nothing yet. Its handler succeeds, and its queue takes everything. */
export async function deliver(
  providers: Provider | readonly Provider[],
  sent: Sent & { readonly method?: string },
  options: Partial<ReceiverOptions> = {},
): Promise<Received> {
  const all = [providers].flat()
  const outcomes: Outcome[] = []
  const deliveries: Delivery[] = []
  const receiver = createReceiver({
    providers: all,
    leaseMs: 1_000,
    retentionMs: 30 * 24 * 3_600_000,
    now: () => SECONDS * 1000,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...(all.some(({ takesLists }) => takesLists) && {
      handOff: async (delivery: Delivery) => deliveries.push(delivery),
    }),
    ...options,
  })
  const reception = await receiver.receive({
    method: sent.method ?? 'POST',
    url: sent.url,
    header: (name) => sent.headers[name],
    readBody: async () => Buffer.from(sent.body),
    isOpenEnded: () => false,
  })
  if (reception.answer !== undefined) {
    const { status, body, headers } = reception.answer
    return { status, body, headers, deliveries, outcome: outcomes[0] }
  }
  await reception.settle(200)
  return { status: 200, body: '', headers: {}, deliveries: [reception.delivery], outcome: outcomes[0] }
}

/** A request as the sender makes it, with the first of its secrets. */
export function genuine(
  sender: Sender,
  { seconds = SECONDS, secret = 0 }: { seconds?: number; secret?: 0 | 1 } = {},
): Sent {
  return sender.send(sender.body, (sender.signingKeys ?? sender.secrets)[secret], seconds)
}

export const providerOf = (sender: Sender, secrets: readonly string[] = [sender.secrets[0]]): Provider =>
  sender.create({ secrets })
