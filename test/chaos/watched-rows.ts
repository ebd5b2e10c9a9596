import { createHash } from 'node:crypto'
import type { JournalStore } from '@mailbox-hooks/core/journal'
import { EVENTS } from './events.js'
import type { Danger } from './kill-points.js'
import type { Ledger } from './ledger.js'

/** The ids of the events by their hashes, under which alone rows know them. */
const IDS: ReadonlyMap<string, string> = new Map(
  Array.from({ length: EVENTS }, (_, index) => `openmail:evt_${index}`).map((id) => [
    createHash('sha256').update(id).digest('hex'),
    id,
  ]),
)

const idOf = (hash: string) => IDS.get(hash) ?? hash

/** Notes what the rows of a journal say, and dies around their marks. */
export function watchedRows(rows: JournalStore, ledger: Ledger, danger: Danger): JournalStore {
  async function finish(...[hash, token, ending]: Parameters<JournalStore['finish']>): Promise<boolean> {
    const id = idOf(hash)
    if (ending.state !== 'handled') return rows.finish(hash, token, ending).finally(() => danger.leave(id))
    danger.pass('between handler and mark', id)
    try {
      const isMarked = await rows.finish(hash, token, ending)
      ledger.note({ what: isMarked ? 'marked' : 'lost', id })
      danger.leave(id)
      if (isMarked) danger.pass('between mark and answer', id)
      return isMarked
    } catch (error) {
      ledger.note({ what: 'unknown', id })
      danger.leave(id)
      throw error
    }
  }

  return {
    migrate: () => rows.migrate(),
    journalId: () => rows.journalId(),
    begin: async (entry) => {
      const begun = await rows.begin(entry)
      if (begun.status === 'begun' && entry.as === 'received') danger.enter(idOf(begun.hash))
      return begun
    },
    rerun: (run) => rows.rerun(run),
    take: async (taking) => {
      const taken = await rows.take(taking)
      for (const { hash } of taken) danger.enter(idOf(hash))
      return taken
    },
    extend: (...args) => rows.extend(...args),
    finish,
    // The handler knows when its transaction is committed.
    finishWithin: (...args) => rows.finishWithin!(...args),
    isHandled: async (...args) => (await rows.isHandled?.(...args)) ?? false,
    note: (...args) => rows.note(...args),
    find: (query) => rows.find(query),
    read: (...args) => rows.read(...args),
    erase: (which) => rows.erase(which),
    purge: (which) => rows.purge(which),
    stats: (namespace) => rows.stats(namespace),
    addRefusal: (...args) => rows.addRefusal(...args),
    refusals: (...args) => rows.refusals(...args),
  }
}
