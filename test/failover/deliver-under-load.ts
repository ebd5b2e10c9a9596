import { setTimeout as wait } from 'node:timers/promises'
import { createReceiver, type DedupStore, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { receive } from '../../packages/core/test/request.js'

const SECRET = 'openmail-webhook-secret'
/** Each event is delivered so often beside each other, as by a provider that repeats too soon. */
const DELIVERIES = 2
const HANDLER_MS = 20
const PAUSE_MS = 50
export const STORE_TIMEOUT_MS = 1_000

export interface Load {
  /** Of several processes. */
  readonly stores: readonly DedupStore[]
  readonly events: number
  /** How long it takes to send them all, when nothing is in the way. */
  readonly spanMs: number
  /** Goes on beside the deliveries. */
  readonly disturb: () => Promise<unknown>
  readonly giveUpMs: number
}

export interface Count {
  /** Events that were acknowledged, by a 2xx. */
  readonly acknowledged: number
  /** Events that were acknowledged and never handled. */
  readonly lost: number
  /** Events whose handler ended well more than once. */
  readonly twice: number
  /** Deliveries that were answered 503 because the store was out of reach. */
  readonly unavailable: number
}

/** Delivers events to receivers on these stores, again and again until each is acknowledged, and counts. */
export async function deliverUnderLoad({ stores, events, spanMs, disturb, giveUpMs }: Load): Promise<Count> {
  const receivers = stores.map((store) =>
    createReceiver({
      providers: [openMail({ secrets: [SECRET] })],
      store,
      leaseMs: 2_000,
      storeTimeoutMs: STORE_TIMEOUT_MS,
    }),
  )
  const handled = new Map<string, number>()
  const acknowledged = new Set<string>()
  let unavailable = 0
  const giveUpAt = performance.now() + giveUpMs

  /** Delivers once to one of the receivers. Resolves to whether it was acknowledged. */
  async function attempt(id: string, turn: number): Promise<boolean> {
    const delivery = signedDelivery('openmail', 'message.received', { secret: SECRET, payload: { event_id: id } })
    const reception = await receive(receivers[turn % receivers.length]!, delivery)
    if (reception.answer !== undefined) {
      if (reception.answer.body.includes('store_unavailable')) unavailable += 1
      return reception.answer.status === 200
    }
    await wait(HANDLER_MS)
    handled.set(id, (handled.get(id) ?? 0) + 1)
    return (await reception.settle(200)) === undefined
  }

  async function deliver(id: string, startMs: number, firstTurn: number): Promise<void> {
    await wait(startMs)
    for (let turn = firstTurn; performance.now() < giveUpAt; turn++) {
      if (await attempt(id, turn)) return void acknowledged.add(id)
      await wait(PAUSE_MS * (0.5 + Math.random()))
    }
  }

  const deliveries = Array.from({ length: events * DELIVERIES }, (_, index) =>
    deliver(`evt_${index % events}`, ((index % events) / events) * spanMs, index),
  )
  await Promise.all([...deliveries, disturb()])
  const all = [...acknowledged]
  return {
    acknowledged: all.length,
    lost: all.filter((id) => !handled.has(id)).length,
    twice: [...handled.values()].filter((times) => times > 1).length,
    unavailable,
  }
}
