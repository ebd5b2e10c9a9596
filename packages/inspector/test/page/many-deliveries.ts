import { createReceiver, type Journal, memoryStore, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'

const SECRET = 'a-secret-of-openmail-1'

/** A receiver without a server, because thousands of requests a second would measure Node's, not the page. */
function receiverOf(journal: Journal) {
  const receiver = createReceiver({ providers: [openMail({ secrets: [SECRET] })], store: memoryStore(), journal })
  return async (name: string) => {
    const payload = { event_id: `evt_${name}`, inbox_id: name }
    const { headers, body } = signedDelivery('openmail', 'inbox.suspended', { secret: SECRET, payload })
    const bytes = Buffer.from(body)
    const reception = await receiver.receive({
      method: 'POST',
      header: (wanted) => headers[wanted],
      headers: () => headers,
      readBody: async () => bytes,
      isOpenEnded: () => false,
    })
    if (reception.answer !== undefined) throw new Error(`refused with ${reception.answer.status}`)
    await reception.settle(200)
  }
}

export async function fillJournal(journal: Journal, count: number): Promise<void> {
  const deliver = receiverOf(journal)
  for (let sent = 0; sent < count; sent += 500) {
    await Promise.all(Array.from({ length: Math.min(500, count - sent) }, (_, index) => deliver(`inb_${sent + index}`)))
  }
}

export interface DeliveryStream {
  /** Returns how long ago a delivery was sent that the page shows as the newest. */
  ageOf(shown: string): number
  stop(): { readonly sent: number; readonly seconds: number }
}

/** Sends so many deliveries a second until it is stopped. */
export function openStream(journal: Journal, eachSecond: number): DeliveryStream {
  const deliver = receiverOf(journal)
  const sentAt = new Map<string, number>()
  const startedAt = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * eachSecond)
    while (sent < due) {
      const name = `inb_${sent++}`
      sentAt.set(name, performance.now())
      void deliver(name)
    }
  }, 10)
  return {
    ageOf: (shown) => performance.now() - (sentAt.get(shown.trim()) ?? startedAt),
    stop: () => {
      clearInterval(timer)
      return { sent, seconds: (performance.now() - startedAt) / 1000 }
    },
  }
}
