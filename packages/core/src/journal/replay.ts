import { randomUUID } from 'node:crypto'
import type { Delivery } from '../delivery/delivery.js'
import { FORMAT } from './entry-parts.js'
import type { JournalHandler, ReplayOptions, ReplayResult } from './journal.js'
import type { EntryRow, EntryState, JournalStore, RerunBegun, RowQuery, TakenRow } from './journal-store.js'
import { type RunTools, runRow } from './run-row.js'

/** Selects entries, by their hashes or by a query. */
export type ReplayTarget = { readonly hashes: readonly { hash: string; id: string }[] } | { readonly query: RowQuery }

interface ReplayTerms extends Omit<ReplayOptions, 'maxHandlerMs'> {
  readonly maxHandlerMs: number
  readonly leaseMs: number
}

/** Names an entry for whoever follows the replay. */
type IdOf = (row: EntryRow) => string

/** Runs the handler for entries one after the other, oldest first, and goes on after failures. */
export async function replay(
  target: ReplayTarget,
  handler: JournalHandler<Delivery>,
  terms: ReplayTerms,
  tools: RunTools & { readonly rows: JournalStore; readonly idOf: IdOf },
): Promise<ReplayResult> {
  const counts = { handled: 0, failed: 0, skipped: 0 }
  for await (const { hash, id, attemptCount } of targetsOf(target, tools)) {
    const outcome = await rerun({ hash, attemptCount, target }, handler, terms, tools)
    counts[outcome]++
    terms.onProgress?.({ id, ...counts })
  }
  return counts
}

async function* targetsOf(target: ReplayTarget, { rows, idOf }: { rows: JournalStore; idOf: IdOf }) {
  if ('hashes' in target) return yield* target.hashes.map((named) => ({ ...named, attemptCount: undefined }))
  let { after } = target.query
  for (;;) {
    const page = await rows.find({ ...target.query, order: 'oldest', after })
    for (const row of page) yield { hash: row.hash, id: idOf(row), attemptCount: row.attemptCount }
    const last = page.at(-1)
    if (last === undefined || page.length < target.query.limit) return
    after = { at: last.firstReceivedAt, hash: last.hash }
  }
}

interface Found {
  readonly hash: string
  /** The number of attempts when it was found. Undefined if it was named by its id. */
  readonly attemptCount: number | undefined
  readonly target: ReplayTarget
}

async function rerun(
  found: Found,
  handler: JournalHandler<Delivery>,
  { leaseMs, maxHandlerMs, providers }: ReplayTerms,
  tools: RunTools & { readonly rows: JournalStore },
): Promise<keyof ReplayResult> {
  const begun = await beginRerun(found, leaseMs, tools)
  if (begun.status !== 'begun') return 'skipped'
  const onFailure = afterFailedReplay(begun.row)
  const isHandled = await runRow(
    begun.row,
    handler,
    { source: 'replay', leaseMs, maxHandlerMs, providers, onFailure },
    tools,
  )
  return isHandled ? 'handled' : 'failed'
}

/**
 * Begins a run. An entry that a filter has found may have been handled since, so it begins only as it was found. If it
 * has changed, and the filter still finds its state, it begins as it is now.
 */
async function beginRerun(
  { hash, attemptCount, target }: Found,
  leaseMs: number,
  { namespace, sealer, rows }: RunTools & { readonly rows: JournalStore },
): Promise<RerunBegun> {
  const states = 'query' in target ? target.query.states : undefined
  let ifAttempts = attemptCount
  for (let look = 0; ; look++) {
    const token = randomUUID()
    const run = { namespace, hash, token, leaseMs, keyIds: sealer.keyIds, maxFormat: FORMAT, ifAttempts }
    const begun = await rows.rerun(run)
    if (begun.status !== 'spent' || look === MAX_LOOKS) return begun
    const row = await rows.read(namespace, hash)
    if (row === undefined || states?.includes(row.state) === false) return begun
    ifAttempts = row.attemptCount
  }
}

/** How often an entry is looked at again whose attempts grow meanwhile. */
const MAX_LOOKS = 3

/** A replay that fails leaves the entry as it found it: what was handled stays handled, what was dead stays dead. */
export function afterFailedReplay({ was, nextAttemptAt, runs }: TakenRow) {
  const state: EntryState = was === 'received' ? 'failed' : was
  if (state === 'queued') return { state, next: { inMs: RETRY_MS } }
  // A payload that was refused waits for no attempt; nor does what was handled or given up.
  if (state !== 'failed' || (was === 'failed' && nextAttemptAt === undefined)) return { state, next: 'never' } as const
  return { state, next: runs === 0 ? 'after-provider' : { inMs: RETRY_MS } } as const
}

/** The time for which queued entries are left to `work`. */
const RETRY_MS = 60_000
