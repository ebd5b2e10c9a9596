import type { EntryState, RowQuery } from './journal-store.js'
import type { MemoryEntry } from './memory-entry.js'

/** Returns whether an entry in memory is one of those that a query asks for. */
export function isWanted({ given, state, firstReceivedAt }: MemoryEntry, query: RowQuery): boolean {
  const { about, states, since = 0, until = Number.POSITIVE_INFINITY, occurredAfter } = query
  return (
    (about === undefined || given.about.some((token) => about.includes(token))) &&
    (query.provider === undefined || given.provider === query.provider) &&
    (query.account === undefined || given.account === query.account) &&
    (query.type === undefined || given.type === query.type) &&
    (states === undefined || states.includes(state as EntryState)) &&
    firstReceivedAt >= since &&
    firstReceivedAt < until &&
    (occurredAfter === undefined || (given.occurredAtMs ?? Number.NEGATIVE_INFINITY) > occurredAfter)
  )
}
