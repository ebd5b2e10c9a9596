import {
  coldMailReseller,
  createReceiver,
  type DedupStore,
  type HandOff,
  memoryStore,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'

const SECRET = 'cold-mail-reseller-key'

/** A credential in each payload, to be found nowhere but in the handler. */
export const PLANTED = 'planted rena ppos micx xycp'

/** A delivery of a new mailbox as Cold Mail Reseller sends it. */
function mailboxCreated(eventId: string) {
  const payload = { eventId, data: { mailboxDetails: { appPassword: PLANTED } } }
  return signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: SECRET, payload })
}

/** A receiver that hands over, and the provider that sends to it. */
export function receiverOf(handOff: HandOff, options: Partial<ReceiverOptions> & { store?: DedupStore } = {}) {
  const receiver = createReceiver({
    providers: [coldMailReseller({ secrets: [SECRET] })],
    store: memoryStore(),
    handOff,
    ...options,
  })
  return async function send(eventId: string): Promise<string> {
    const { headers, body } = mailboxCreated(eventId)
    const { answer } = await receiver.receive({
      method: 'POST',
      header: (name) => headers[name],
      readBody: async () => Buffer.from(body),
      isOpenEnded: () => false,
    })
    return answer === undefined ? 'a handler was asked for' : `${answer.status} ${answer.body}`
  }
}

export const QUEUED = '200 {"received":true,"queued":true}'
export const DUPLICATE = '200 {"received":true,"duplicate":true}'
export const REFUSED = '503 {"received":false,"error":"hand_off_failed"}'
