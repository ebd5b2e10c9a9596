import { setTimeout as pause } from 'node:timers/promises'
import { createJournal, type JournalStore, TICKET_HEADER } from '@mailbox-hooks/core/journal'
import { send } from '../../packages/testing/src/adapter-suite/client.js'
import type { ReceiverProcess } from './receiver-process.js'
import { OLD_KEY } from './sealing-keys.js'

/** Sends tickets for what has failed to the receivers, for so long. Resolves to how many were answered: most come too late. */
export async function sendTickets(
  rows: JournalStore,
  receivers: readonly ReceiverProcess[],
  lengthMs: number,
): Promise<number> {
  const journal = createJournal(rows, { sealingKeys: [OLD_KEY] }, { owner: 'chaos' })
  const endsAt = Date.now() + lengthMs
  let answered = 0
  while (Date.now() < endsAt) {
    const { entries } = await journal.find({ state: 'failed', limit: 5 })
    for (const [index, { id }] of entries.entries()) {
      const { url } = receivers[index % receivers.length] ?? {}
      // It may have been handled since it was found.
      const ticket = await journal.ticket(id, { state: 'failed' }).catch(() => undefined)
      if (url !== undefined && ticket !== undefined && (await isAnswered(url, ticket))) answered++
    }
    await pause(20)
  }
  return answered
}

async function isAnswered(url: string, ticket: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(800)
    await send(url, { headers: { [TICKET_HEADER]: ticket }, body: '', signal })
    return true
  } catch {
    return false
  }
}
