import { randomBytes } from 'node:crypto'
import { createReceiver, type Delivery, type Outcome, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { createJournal, type JournalOptions, type JournalStore, memoryJournalStore } from '@mailbox-hooks/core/journal'
import { signedDelivery } from '@mailbox-hooks/testing'
import { receive, type Sent } from '../request.js'

export const SEALING_KEY = randomBytes(32)

/** A journal that decides, over rows in memory. */
export function durableJournal(rows: JournalStore = memoryJournalStore(), options: Partial<JournalOptions> = {}) {
  return createJournal(rows, { sealingKeys: [SEALING_KEY], ...options }, { owner: 'testJournal' })
}

/** A mail about `john@x.com`, as OpenMail delivers it. */
export const mail = (id: string, payload: object = {}): Sent =>
  signedDelivery('openmail', 'message.received', { secret: 'key', payload: { event_id: id, ...payload } })

/** A receiver whose handler ends with `handle`'s status. */
export function setUp(options: Partial<ReceiverOptions>, handle: (delivery: Delivery) => unknown = () => 200) {
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['key'] })],
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  const deliver = async (sent: Sent): Promise<number> => {
    const reception = await receive(receiver, sent)
    if (reception.answer !== undefined) return reception.answer.status
    const status = Number(await handle(reception.delivery))
    return (await reception.settle(status))?.status ?? status
  }
  return { deliver, outcomes, receiver }
}

/** Lets what is not waited for come to its end. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 5))
