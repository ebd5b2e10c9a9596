import { randomUUID } from 'node:crypto'
import type { Delivery } from '../delivery/delivery.js'
import { FORMAT } from './entry-parts.js'
import type { JournalHandler, ReplayOptions, ReplayResult } from './journal.js'
import type { EntryRow, EntryState, JournalStore, RowQuery, TakenRow } from './journal-store.js'
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
  for await (const { hash, id } of targetsOf(target, tools)) {
    const outcome = await rerun(hash, handler, terms, tools)
    counts[outcome]++
    terms.onProgress?.({ id, ...counts })
  }
  return counts
}

async function* targetsOf(target: ReplayTarget, { rows, idOf }: { rows: JournalStore; idOf: IdOf }) {
  if ('hashes' in target) return yield* target.hashes
  let { after } = target.query
  for (;;) {
    const page = await rows.find({ ...target.query, order: 'oldest', after })
    for (const row of page) yield { hash: row.hash, id: idOf(row) }
    const last = page.at(-1)
    if (last === undefined || page.length < target.query.limit) return
    after = { at: last.firstReceivedAt, hash: last.hash }
  }
}

async function rerun(
  hash: string,
  handler: JournalHandler<Delivery>,
  { leaseMs, maxHandlerMs, providers }: ReplayTerms,
  tools: RunTools & { readonly rows: JournalStore },
): Promise<keyof ReplayResult> {
  const { namespace, sealer, rows } = tools
  const begun = await rows.rerun({
    namespace,
    hash,
    token: randomUUID(),
    leaseMs,
    keyIds: sealer.keyIds,
    maxFormat: FORMAT,
  })
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
