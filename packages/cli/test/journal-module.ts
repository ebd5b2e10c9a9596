import { createReceiver, openMail } from '@mailbox-hooks/core'
import { createJournal, memoryJournalStore } from '@mailbox-hooks/core/journal'
import { signedDelivery } from '@mailbox-hooks/testing'

/** A journal as a user's module exports it: one event handled, one failed twice, and something that stays open. */
const journal = createJournal(memoryJournalStore(), { sealingKeys: [Buffer.alloc(32, 1)] }, { owner: 'testJournal' })

const receiver = createReceiver({ providers: [openMail({ secrets: ['key'] })], journal })

async function deliver(id: string, status: number, error?: Error): Promise<void> {
  const payload = { event_id: id, inbox_id: 'inb_7', smtp_password: 'planted-password' }
  const { headers, body } = signedDelivery('openmail', 'message.received', { secret: 'key', payload })
  const reception = await receiver.receive({
    method: 'POST',
    header: (name) => headers[name],
    readBody: async () => Buffer.from(body),
    isOpenEnded: () => false,
  })
  if (reception.answer !== undefined) return
  if (error !== undefined) reception.fail(error)
  await reception.settle(status)
}

await deliver('evt_1', 200)
await deliver('evt_2', 500, new RangeError('no room for planted-password \u001b[31m'))
await deliver('evt_2', 500, new RangeError('still no room'))

setInterval(() => {}, 1_000)

export default journal
