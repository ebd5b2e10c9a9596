import { createHmac } from 'node:crypto'
import { createReceiver, type Journal, type JournalEntry, memoryStore, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'

const SECRET = 'a-secret-of-openmail-1'

/** Receives deliveries without a server, because thousands of requests a second would measure Node's, not the page. */
function receiverOf(journal: Journal): (name: string) => Promise<void> {
  const receiver = createReceiver({ providers: [openMail({ secrets: [SECRET] })], store: memoryStore(), journal })
  const { headers, body } = signedDelivery('openmail', 'inbox.suspended', { secret: SECRET })
  return async (name) => {
    const text = JSON.stringify({ ...JSON.parse(body), event_id: `evt_${name}`, inbox_id: name, inbox_address: null })
    const signature = createHmac('sha256', SECRET).update(`${headers['x-timestamp']}.${text}`).digest('hex')
    const all: Record<string, string> = { ...headers, 'x-signature': signature }
    const reception = await receiver.receive({
      method: 'POST',
      header: (wanted) => all[wanted],
      headers: () => all,
      readBody: async () => Buffer.from(text),
      isOpenEnded: () => false,
    })
    if (reception.answer !== undefined) throw new Error(`refused with ${reception.answer.status}`)
    await reception.settle(200)
  }
}

/** A journal that lists one delivery many times, because receiving so many would take minutes. */
export async function repeatedJournal(journal: Journal, count: number): Promise<Journal> {
  await receiverOf(journal)('inb_0')
  const { entries } = await journal.find()
  const [entry] = entries
  if (entry === undefined) throw new Error('no entry')
  const entryAt = (index: number): JournalEntry => ({
    ...entry,
    id: `${entry.id}-${index}`,
    entity: `inb_${index}`,
    firstReceivedAt: new Date(entry.firstReceivedAt.getTime() - index * 1000),
  })
  const find: Journal['find'] = async ({ after = '0', limit = 100 } = {}) => {
    const start = Number(after)
    const end = Math.min(count, start + limit)
    const page = Array.from({ length: end - start }, (_, index) => entryAt(start + index))
    return { entries: page, ...(end < count && { next: String(end) }) }
  }
  return { ...journal, find }
}

export interface DeliveryStream {
  /** Returns how long ago a delivery was received that the page shows as the newest. */
  ageOf(shown: string): number
  stop(): { readonly received: number; readonly seconds: number }
}

/** Receives so many deliveries a second until it is stopped. */
export function openStream(journal: Journal, eachSecond: number): DeliveryStream {
  const deliver = receiverOf(journal)
  const receivedAt = new Map<string, number>()
  const startedAt = performance.now()
  let begun = 0
  const timer = setInterval(() => {
    // Deliveries that this machine cannot receive in time are left out, so that none waits in this process.
    const due = Math.floor(((performance.now() - startedAt) / 1000) * eachSecond)
    for (let batch = 0; begun < due && batch < 30; batch++) {
      const name = `inb_${begun++}`
      void deliver(name).then(() => receivedAt.set(name, performance.now()))
    }
  }, 10)
  return {
    ageOf: (shown) => performance.now() - (receivedAt.get(shown.trim()) ?? startedAt),
    stop: () => {
      clearInterval(timer)
      return { received: receivedAt.size, seconds: (performance.now() - startedAt) / 1000 }
    },
  }
}
