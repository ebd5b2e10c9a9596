import type { Delivery } from '../delivery/delivery.js'
import { readOptions } from '../options/option-rules.js'
import { entryHash } from './entry-hash.js'
import type { EntryMeta } from './entry-parts.js'
import { rowFilter } from './find-entries.js'
import { isStale } from './is-stale.js'
import type { Journal, JournalFilter, JournalHandler, ReplayOptions } from './journal.js'
import { REPLAY_RULES, WORK_RULES } from './journal-options.js'
import type { JournalParts } from './journal-parts.js'
import type { EntryRow, TakenRow } from './journal-store.js'
import { readMeta } from './read-entry.js'
import { replay } from './replay.js'
import type { RunTools } from './run-row.js'
import { Worker, type WorkTerms } from './work.js'

/** How long an entry outlives a process that died with it. Extended at a third while its handler runs. */
const LEASE_MS = 15_000

/** Entries at a time; each is run before the next page is asked for. */
const PAGE = 100

/** The methods of a journal that run handlers. */
export function entryRunner(parts: JournalParts): Pick<Journal, 'replay' | 'work'> & { readonly wake: () => void } {
  const { rows, sealer, namespace, guarded, timeouts } = parts
  const workers = new Set<Worker>()

  const tools = async (): Promise<RunTools> => ({
    namespace,
    store: guarded,
    sealer: await sealer(),
    timeouts,
    isStale: (row, meta) => isRowStale(parts, row, meta),
  })

  return {
    async replay(which, handler, options: ReplayOptions = {}) {
      checkHandler('replay', handler)
      const terms = readOptions<ReplayOptions & { maxHandlerMs: number }>('replay', options, REPLAY_RULES)
      const opened = await tools()
      const target = isIds(which)
        ? { hashes: which.map((id) => ({ id, hash: entryHash(id) })) }
        : { query: { namespace, ...rowFilter(opened.sealer, { state: ['failed', 'dead'], ...which }), ...OLDEST } }
      // The types hold for what the same providers received.
      const handle = handler as JournalHandler<Delivery>
      return replay(
        target,
        handle,
        { ...terms, leaseMs: LEASE_MS },
        { ...opened, rows, idOf: (row) => idOf(opened, row) },
      )
    },

    work(handler, options = {}) {
      checkHandler('work', handler)
      const terms = readOptions<Omit<WorkTerms, 'leaseMs'>>('work', options, WORK_RULES)
      const onStopped = () => workers.delete(worker)
      // As for `replay`.
      const handle = handler as JournalHandler<Delivery>
      const worker: Worker = new Worker(handle, { ...terms, leaseMs: LEASE_MS }, { rows, tools, onStopped })
      workers.add(worker)
      return { stop: (given) => worker.stop(given), idle: () => worker.idle() }
    },

    wake() {
      for (const worker of workers) worker.look()
    },
  }
}

const OLDEST = { order: 'oldest', limit: PAGE } as const

const isIds = (which: JournalFilter | readonly string[]): which is readonly string[] => Array.isArray(which)

/** What cannot be opened is named by its hash. */
function idOf({ sealer }: RunTools, row: EntryRow): string {
  try {
    return readMeta(sealer, row).id
  } catch {
    return row.hash
  }
}

async function isRowStale(
  { rows, namespace, sealer }: JournalParts,
  { provider, account }: TakenRow,
  { entity, occurredAt: occurredAtMs }: EntryMeta,
): Promise<boolean | undefined> {
  return isStale({ rows, namespace, sealer: await sealer() }, { provider, account, entity, occurredAtMs })
}

function checkHandler(owner: string, handler: unknown): void {
  if (typeof handler === 'function') return
  const functions = typeof handler === 'object' && handler !== null ? Object.values(handler) : []
  const isMap = functions.length > 0 && functions.every((value) => value === undefined || typeof value === 'function')
  if (!isMap) throw new TypeError(`${owner}: pass a handler, (delivery) => {}, or a map { 'mailbox.created': … }`)
}
