import { memoryStore } from '@mailbox-hooks/core'
import { storeSuite } from '@mailbox-hooks/testing/suites'

const YEAR_MS = 365 * 24 * 3600_000

storeSuite({
  name: 'memoryStore',
  open: async () => {
    let now = Date.UTC(2026, 0, 1)
    const store = memoryStore({ now: () => now })
    const pass = async (ms: number) => {
      now += ms
    }
    // It has no connections, and after a year nothing is remembered.
    return { store, another: async () => store, pass, clear: () => pass(YEAR_MS), close: async () => {} }
  },
})
