import { createReceiver, type HandOff, type Journal, type WebhookRequest } from '@mailbox-hooks/core'
import { OPTIONS } from '../http/servers/variants.js'
import { signatureOf } from '../signing.js'
import { messageReceived } from '../verify/bodies.js'

/** So many entries are about one address. */
const PER_ADDRESS = 10
const AT_ONCE = 500

let events = 0

export const addressOf = (event: number) => `customer_${Math.floor(event / PER_ADDRESS)}@example.com`

/** A request of its own event, as an adapter would make it. */
function nextRequest(address: string): WebhookRequest {
  const sample = messageReceived(`evt_${process.pid}_${++events}`, 'Hello Ada. ', 700).toString()
  const body = Buffer.from(
    sample
      .replace('sales@example.com', address)
      .replace('inb_92f1', `inb_${address.slice(0, address.indexOf('@'))}`)
      .replaceAll('2026-03-01T09:00:00.000Z', new Date().toISOString()),
  )
  const timestamp = String(Math.floor(Date.now() / 1000))
  const headers: Readonly<Record<string, string>> = {
    'x-timestamp': timestamp,
    'x-signature': signatureOf(timestamp, body).toString('hex'),
  }
  return {
    method: 'POST',
    header: (name) => headers[name],
    headers: () => headers,
    readBody: async () => body,
    isOpenEnded: () => false,
  }
}

/** Returns a function that delivers an event about an address, through a receiver of this process. */
export function deliverer(journal: Journal, handOff?: HandOff): (address: string) => Promise<void> {
  const receiver = createReceiver({ ...OPTIONS, journal, handOff })
  return async (address) => {
    const reception = await receiver.receive(nextRequest(address))
    if (reception.answer === undefined) await reception.settle(200)
    else if (reception.answer.status !== 200) throw new Error(`A delivery was answered ${reception.answer.body}`)
  }
}

/** Delivers so many events. */
export async function fill(journal: Journal, count: number, handOff?: HandOff): Promise<void> {
  const deliver = deliverer(journal, handOff)
  let next = 0
  const deliverAll = async () => {
    while (next < count) await deliver(addressOf(next++))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, deliverAll))
}
