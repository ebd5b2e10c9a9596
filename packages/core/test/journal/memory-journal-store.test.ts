import { memoryJournalStore } from '@mailbox-hooks/core/journal'
import { journalSuite } from '@mailbox-hooks/testing/suites'

journalSuite({
  name: 'memoryJournalStore',
  open: async () => {
    let now = Date.UTC(2026, 0, 31, 12)
    const open = () => memoryJournalStore({ maxEntries: 100_000, now: () => now })
    let store = open()
    // Nothing of one test is seen by the next, though the store that it holds stays the same.
    const current = new Proxy(store, { get: (_, name) => Reflect.get(store, name, store)?.bind?.(store) })
    return {
      store: current,
      another: async () => current,
      pass: async (ms) => {
        now += ms
      },
      clear: async () => {
        store = open()
      },
      close: async () => {},
    }
  },
  differences: {
    noTransactions: { reason: 'it is no database' },
    noClock: { reason: 'it runs in this process, and asks this process for the time' },
  },
})
