import type { Begun, EntryState, NewEntry } from './journal-store.js'

/** What a begin must know of the newest entry of its key. */
export interface KnownEntry {
  /** `erased` where the entry was. */
  readonly state: EntryState | 'erased'
  readonly generation: number
  readonly isLimited: boolean
  readonly windowMs: number
  readonly lastReceivedAt: number
  /** Undefined where no run has it. */
  readonly leaseUntil: number | undefined
}

/**
 * What to do with a delivery: insert its entry, insert it in the place of an erased one, take the entry that is there,
 * or change nothing but `lastReceivedAt` and answer.
 */
export type BeginDecision = 'insert' | 'replace' | 'take' | Exclude<Begun, { readonly status: 'begun' }>

/**
 * Decides what becomes of a delivery, in the order that `JournalStore.begin` describes.
 *
 * @example
 * const decision = decideBegin(await newestOf(entry.keyHash), entry, now)
 */
export function decideBegin(known: KnownEntry | undefined, entry: NewEntry, now: number): BeginDecision {
  if (known === undefined) return 'insert'
  const { state, generation, leaseUntil } = known
  const isOver = known.lastReceivedAt + known.windowMs <= now
  if (state === 'erased' && !isOver) return { status: 'handled' }
  if (known.isLimited && isOver) return entry.generation > generation ? 'insert' : { status: 'outlived', generation }
  if (state === 'erased') return 'replace'
  if (state === 'handled' || state === 'queued') return { status: state }
  if (leaseUntil !== undefined && leaseUntil > now) return { status: 'in-flight', retryAfterMs: leaseUntil - now }
  return entry.as === 'failed' ? { status: 'known' } : 'take'
}
