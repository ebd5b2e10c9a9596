import type { EntryState, StatsRow } from './journal-store.js'
import type { MemoryEntry } from './memory-entry.js'

/** Counts entries that were not erased, by provider, account and state. */
export function memoryStats(entries: readonly MemoryEntry[]): StatsRow[] {
  const rows = new Map<string, StatsRow>()
  for (const { given, state: anyState, lastReceivedAt } of entries) {
    const { provider, account } = given
    const state = anyState as EntryState // Erased ones are left out.
    const key = JSON.stringify([provider, account, state])
    const { count = 0, lastReceivedAt: last = 0 } = rows.get(key) ?? {}
    const newest = Math.max(last, lastReceivedAt)
    rows.set(key, { provider, account, state, count: count + 1, lastReceivedAt: newest })
  }
  return [...rows.values()]
}
