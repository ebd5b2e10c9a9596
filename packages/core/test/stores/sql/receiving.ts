import {
  type Accepted,
  createReceiver,
  type DedupStore,
  type Outcome,
  openMail,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { receive } from '../../request.js'

const SECRET = 'openmail-webhook-secret'

const sent = (id: string) =>
  signedDelivery('openmail', 'message.received', { secret: SECRET, payload: { event_id: id } })

/** A receiver on this store, as an adapter uses it. */
export function receiving(
  store: DedupStore,
  options: Pick<ReceiverOptions, 'leaseMs' | 'handleWhenStoreIsDown' | 'ordering'> = {},
) {
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [openMail({ secrets: [SECRET] })],
    store,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  /** Returns the answer in place of a handler's, or `'accepted'` where a handler would run. */
  const answerTo = async (id: string) => (await receive(receiver, sent(id))).answer?.body ?? 'accepted'
  /** Takes a delivery that is there to be handled. */
  const accept = async (id: string): Promise<Accepted> => {
    const reception = await receive(receiver, sent(id))
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    return reception
  }
  return { accept, answerTo, outcomes }
}

export const DUPLICATE = '{"received":true,"duplicate":true}'
export const IN_FLIGHT = '{"received":false,"error":"in_flight"}'
