import { setTimeout as pause } from 'node:timers/promises'
import { createJournal, type JournalStore, TICKET_HEADER } from '@mailbox-hooks/core/journal'
import { send } from '../../packages/testing/src/adapter-suite/client.js'
import type { ReceiverProcess } from './receiver-process.js'
import { OLD_KEY } from './sealing-keys.js'

/** A busy machine may have nothing that failed for longer than it is asked to send tickets. */
const PATIENCE_MS = 30_000

/** Sends the receivers tickets for entries that have failed, for so long. Resolves to how many: most come too late. */
export async function sendTickets(
  rows: JournalStore,
  receivers: readonly ReceiverProcess[],
  lengthMs: number,
): Promise<number> {
  const journal = createJournal(rows, { sealingKeys: [OLD_KEY] }, { owner: 'chaos' })
  const endsAt = Date.now() + lengthMs
  let sent = 0
  while (Date.now() < endsAt + (sent === 0 ? PATIENCE_MS : 0)) {
    const { entries } = await journal.find({ state: 'failed', limit: 5 })
    for (const [index, { id }] of entries.entries()) {
      const { url } = receivers[index % receivers.length] ?? {}
      // It may have been handled since it was found.
      const ticket = await journal.ticket(id, { state: 'failed' }).catch(() => undefined)
      if (url === undefined || ticket === undefined) continue
      sent++
      await sendTicket(url, ticket)
    }
    await pause(20)
  }
  return sent
}

/** The answer does not matter, nor does a receiver that has none. */
async function sendTicket(url: string, ticket: string): Promise<void> {
  const signal = AbortSignal.timeout(800)
  await send(url, { headers: { [TICKET_HEADER]: ticket }, body: '', signal }).catch(() => undefined)
}
