import { type DedupStore, memoryStore } from '@mailbox-hooks/core'

/** Returns a store whose marks within a transaction are rolled back. */
export function storeThatRollsBack(): DedupStore {
  const memory = memoryStore()
  return {
    claim: (...args) => memory.claim(...args),
    complete: async (key, token, retentionMs, { within } = {}) =>
      within !== undefined || memory.complete(key, token, retentionMs),
    isDone: async () => false,
    release: (...args) => memory.release(...args),
    extend: (...args) => memory.extend(...args),
  }
}
