import { randomBytes } from 'node:crypto'
import { checkedClock } from '../options/checked-clock.js'
import { CLOCK, readOptions, WHOLE, type WithDefaults, withDefault } from '../options/option-rules.js'
import { harmless } from '../outcome/harmless.js'
import type { ArrivalRecord } from './arrival.js'
import { decideBegin } from './decide-begin.js'
import { isWanted } from './is-wanted.js'
import type {
  Begun,
  Ending,
  EntryRow,
  Erasing,
  FullRow,
  JournalStore,
  NewAttempt,
  NewEntry,
  NewerQuery,
  RefusalRow,
  Rerun,
  RerunBegun,
  RowChange,
  RowQuery,
  StatsRow,
  TakenRow,
  Taking,
  WatchRows,
} from './journal-store.js'
import { KeptBytes } from './kept-bytes.js'
import { MemoryEntry, nextAttemptAt } from './memory-entry.js'
import { MemoryRows } from './memory-rows.js'
import { memoryStats } from './memory-stats.js'

export interface MemoryJournalStoreOptions {
  /** How many entries are kept. Beyond it the oldest go that are neither queued nor being handled. Default 500. */
  readonly maxEntries?: number | undefined
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

interface WatchedStore extends JournalStore {
  readonly watch: WatchRows
}

/**
 * Keeps the rows of a journal in this process: the newest `maxEntries`, and nothing after a restart. For development and
 * tests.
 *
 * Throws a `TypeError` for options that cannot work.
 *
 * @example
 * const store = memoryJournalStore({ maxEntries: 100 })
 */
export function memoryJournalStore(options: MemoryJournalStoreOptions = {}): WatchedStore {
  const { maxEntries, now } = readOptions<WithDefaults<MemoryJournalStoreOptions>>('memoryJournalStore', options, RULES)
  return new MemoryJournalStore(maxEntries, now)
}

const RULES = { maxEntries: withDefault(WHOLE, 500), now: CLOCK } as const

class MemoryJournalStore implements WatchedStore {
  readonly #maxEntries: number
  readonly #now: () => number
  readonly #id = randomBytes(16).toString('hex')
  readonly #entries = new MemoryRows()
  readonly #kept = new KeptBytes(KEPT_BYTES)
  readonly #listeners = new Set<(change: RowChange) => void>()
  #refusals: RefusalRow[] = []

  constructor(maxEntries: number, now: () => number) {
    this.#maxEntries = maxEntries
    this.#now = checkedClock('memoryJournalStore', now)
  }

  async migrate(): Promise<void> {}

  async journalId(): Promise<string> {
    return this.#id
  }

  async begin(entry: NewEntry): Promise<Begun> {
    const now = this.#now()
    const known = this.#entries.newestOf(entry.keyHash)
    const decision = decideBegin(known?.known(), entry, now)
    if (known === undefined || decision === 'insert' || decision === 'replace') return this.#insert(entry, now)
    if (decision !== 'take' && decision.status === 'outlived') return decision
    known.lastReceivedAt = now
    if (decision !== 'take') return decision
    known.takeOver(entry, now)
    this.#changed(known, entry.record)
    return { status: 'begun', number: known.attemptCount, isNew: false, hash: known.given.hash }
  }

  async rerun({ namespace, hash, token, leaseMs, keyIds, maxFormat, ifAttempts }: Rerun): Promise<RerunBegun> {
    const now = this.#now()
    const entry = this.#find(namespace, hash)
    if (entry === undefined) return { status: 'missing' }
    const { keyId, format } = entry.given.sealed
    if (!keyIds.includes(keyId) || format > maxFormat) return { status: 'sealed', keyId }
    if (ifAttempts !== undefined && ifAttempts !== entry.attemptCount) return { status: 'spent' }
    if (entry.isLeased(now)) return { status: 'in-flight' }
    const row = entry.run(token, 'replay', leaseMs, now)
    this.#changed(entry)
    return { status: 'begun', row }
  }

  async take({ namespace, limit, leaseMs, keyIds, maxFormat }: Taking): Promise<TakenRow[]> {
    const now = this.#now()
    const due = this.#of(namespace)
      .filter(({ given: { sealed } }) => keyIds.includes(sealed.keyId) && sealed.format <= maxFormat)
      .flatMap((entry) => (entry.dueAt !== undefined && entry.dueAt <= now ? [{ entry, at: entry.dueAt }] : []))
    due.sort((one, other) => one.at - other.at || (one.entry.given.hash < other.entry.given.hash ? -1 : 1))
    return due.slice(0, limit).map(({ entry }) => {
      entry.runs++
      const row = entry.run(randomBytes(16).toString('hex'), 'retry', leaseMs, now)
      this.#changed(entry)
      return row
    })
  }

  async extend(hash: string, token: string, leaseMs: number): Promise<boolean> {
    const entry = this.#entries.get(hash)
    if (entry?.isHeldBy(token) !== true) return false
    entry.extend(this.#now() + leaseMs)
    return true
  }

  async finish(hash: string, token: string, { state, next, attempt }: Ending): Promise<boolean> {
    const entry = this.#entries.get(hash)
    if (entry?.isHeldBy(token) !== true) return false
    const now = this.#now()
    const number = entry.end(state, nextAttemptAt(entry, next, now))
    if (attempt !== undefined) entry.add({ ...attempt, number: attempt.number ?? number ?? entry.attemptCount }, now)
    this.#changed(entry, attempt?.record)
    return true
  }

  async note({ namespace, keyHash }: { namespace: string; keyHash: string }, attempt: NewAttempt): Promise<void> {
    const entry = this.#entries.newestOf(keyHash)
    if (entry === undefined || entry.given.namespace !== namespace || entry.state === 'erased') return
    const now = this.#now()
    if (attempt.number === undefined && attempt.source === 'provider') entry.lastReceivedAt = now
    entry.add({ ...attempt, number: attempt.number ?? ++entry.attemptCount }, now)
    this.#changed(entry, attempt.record)
  }

  async find(query: RowQuery): Promise<EntryRow[]> {
    const isOwn = ({ given, state }: MemoryEntry) => given.namespace === query.namespace && state !== 'erased'
    return this.#entries.page(query, (entry) => isOwn(entry) && isWanted(entry, query)).map((entry) => entry.row())
  }

  async hasNewer(query: NewerQuery): Promise<boolean> {
    return (await this.find({ ...query, states: ['handled'], order: 'newest', limit: 1 })).length > 0
  }

  async read(namespace: string, hash: string): Promise<FullRow | undefined> {
    return this.#find(namespace, hash)?.full()
  }

  async erase(which: Erasing): Promise<number> {
    const entries = this.#of(which.namespace).filter(({ given }) =>
      'hash' in which ? given.hash === which.hash : given.about.some((token) => which.about.includes(token)),
    )
    for (const entry of entries) {
      entry.erase()
      this.#changed(entry)
    }
    return entries.length
  }

  async purge({ namespace, keepMs, limit }: { namespace: string; keepMs: number; limit: number }): Promise<number> {
    const now = this.#now()
    const over = this.#entries.all().filter((entry) => {
      if (entry.given.namespace !== namespace || !isPurgeable(entry, now)) return false
      return entry.lastReceivedAt + (entry.state === 'erased' ? entry.given.windowMs : keepMs) < now
    })
    const deleted = over.slice(0, limit)
    for (const entry of deleted) this.#entries.delete(entry)
    return deleted.length
  }

  async stats(namespace: string): Promise<StatsRow[]> {
    return memoryStats(this.#of(namespace))
  }

  async addRefusal(refusal: RefusalRow, keep: number): Promise<void> {
    const others = this.#refusals.filter(({ namespace }) => namespace !== refusal.namespace)
    const own = this.#refusals.filter(({ namespace }) => namespace === refusal.namespace)
    this.#refusals = [...others, ...[{ ...refusal, at: this.#now() }, ...own].slice(0, keep)]
    this.#kept.keep(refusal.record)
    this.#tell({ kind: 'refusal', namespace: refusal.namespace, id: refusal.id })
  }

  async refusals(namespace: string, limit: number): Promise<RefusalRow[]> {
    return this.#refusals.filter((refusal) => refusal.namespace === namespace).slice(0, limit)
  }

  watch(listener: (change: RowChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The entry, unless it was erased. */
  #find(namespace: string, hash: string): MemoryEntry | undefined {
    const entry = this.#entries.get(hash)
    return entry?.given.namespace === namespace && entry.state !== 'erased' ? entry : undefined
  }

  /** The entries of a namespace that were not erased. */
  #of(namespace: string): MemoryEntry[] {
    return this.#entries.all().filter(({ given, state }) => given.namespace === namespace && state !== 'erased')
  }

  #insert(given: NewEntry, now: number): Begun {
    const entry = new MemoryEntry(given, now)
    this.#entries.add(entry)
    this.#evict(now)
    this.#changed(entry, given.record)
    return { status: 'begun', number: 1, isNew: true, hash: given.hash }
  }

  #evict(now: number): void {
    while (this.#entries.size > this.#maxEntries || this.#entries.bytes > KEPT_BYTES) {
      const oldest = this.#entries.all().find((entry) => isPurgeable(entry, now))
      if (oldest === undefined) return
      this.#entries.delete(oldest)
    }
  }

  #changed({ given: { namespace, hash } }: MemoryEntry, record?: ArrivalRecord): void {
    this.#kept.keep(record)
    this.#tell({ kind: 'entry', namespace, hash })
  }

  #tell(change: RowChange): void {
    for (const listener of this.#listeners) harmless(() => listener(change))
  }
}

/** The bodies of the entries, and once more those of their attempts, together with headers. */
const KEPT_BYTES = 64_000_000

const isPurgeable = (entry: MemoryEntry, now: number) => entry.state !== 'queued' && !entry.isLeased(now)
