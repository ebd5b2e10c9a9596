import { entityTokens } from './about-index.js'
import type { EntrySealer } from './entry-sealer.js'
import type { JournalStore } from './journal-store.js'

/** An event's place among those of its entity. */
export interface Place {
  readonly provider: string
  readonly account: string | undefined
  readonly entity: string | undefined
  readonly occurredAtMs: number | undefined
}

/**
 * How far a provider's clock may be ahead of the database's. A newer event was received after this one happened, so only
 * entries since then are read, however many the entity has.
 */
const MAX_AHEAD_MS = 24 * 3600_000

/** Returns whether a newer event of the same entity has been handled. Undefined if the event has no time or no entity. */
export async function isStale(
  {
    rows,
    namespace,
    sealer,
  }: { readonly rows: JournalStore; readonly namespace: string; readonly sealer: EntrySealer },
  { provider, account, entity, occurredAtMs }: Place,
): Promise<boolean | undefined> {
  if (entity === undefined || occurredAtMs === undefined) return undefined
  const about = entityTokens(sealer, { provider, account, entity })
  const newer = { namespace, about, occurredAfter: occurredAtMs, since: occurredAtMs - MAX_AHEAD_MS }
  if (rows.hasNewer !== undefined) return rows.hasNewer(newer)
  return (await rows.find({ ...newer, states: ['handled'], order: 'newest', limit: 1 })).length > 0
}
