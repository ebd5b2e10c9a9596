import { randomBytes } from 'node:crypto'
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
  RowQuery,
  StatsRow,
  TakenRow,
  Taking,
} from '@mailbox-hooks/core/journal'
import {
  Batcher,
  type BatchLimits,
  isConflict,
  isRefusal,
  LostClaims,
  OutageWatch,
  rethrowAdvised,
  UNBATCHED,
  untilDecided,
} from '@mailbox-hooks/core/sql-client'
import { inChunks } from './in-chunks.js'
import { NewerLookups } from './newer-lookups.js'
import { lengthOf, normalAttempt, normalEnding, normalEntry, normalQuery, normalRefusal, spaceOf } from './normal.js'
import { readRuns } from './read-runs.js'
import type { BeginAnswer, BeginRow, FinishRow, NoteRow, RowDialect, WithGrace } from './row-dialect.js'

/** Shorter than receivers wait. A run takes several statements on some databases, and many may want the same entry. */
const PATIENCE = { patienceMs: 2_500, leastAttempts: 4 }

/** A note is waited for by nobody. */
const PATIENCE_FOR_NOTES = { patienceMs: 10_000, leastAttempts: 10 }

/** A lock of another statement is gone by then. One that is still there is a transaction's, which may go on for long. */
const BUSY_MS = 100

/** What becomes of a run that nobody waits for any more. */
const GIVEN_BACK = { state: 'failed', next: 'after-provider', attempt: undefined } as const

/** A delivery that waits to be sent. */
type WaitingRow = Omit<BeginRow, 'graceMs'>

/** The rows of a journal in a database that speaks this dialect. */
export class SqlJournalStore implements Required<JournalStore> {
  readonly #dialect: RowDialect
  readonly #begins: Batcher<WaitingRow, BeginAnswer>
  readonly #finishes: Batcher<FinishRow, boolean>
  readonly #notes: Batcher<NoteRow, boolean>
  readonly #newer: NewerLookups
  readonly #lost = new LostClaims(({ key, token }) => this.finish(key, token, GIVEN_BACK))
  readonly #outages = new OutageWatch({
    onAnswer: () => this.#lost.look(),
    // A server that reports a conflict is there. SQLite reports one while another process keeps it busy.
    isAnswer: (error) => isRefusal(error) || (this.#dialect.canLoseAnswers && isConflict(error)),
  })

  constructor(dialect: RowDialect, { batch }: { readonly batch: boolean }) {
    const limits: BatchLimits = batch ? dialect.limits : UNBATCHED
    this.#dialect = dialect
    this.#begins = new Batcher({ send: (rows) => this.#sendBegins(rows), limits })
    this.#finishes = new Batcher({ send: (rows) => this.#outages.watch(() => dialect.finish(rows)), limits })
    this.#notes = new Batcher({ send: (rows) => dialect.note(rows), limits })
    this.#newer = new NewerLookups(dialect, limits)
  }

  async migrate(): Promise<void> {
    const id = randomBytes(16).toString('hex')
    await untilDecided(async () => {
      await this.#dialect.migrate(id)
      return true
    })
  }

  async journalId(): Promise<string> {
    const id = await this.#dialect.journalId().catch(rethrowAdvised)
    if (id === undefined) throw new Error('The journal has no id yet. Was migrate() called?')
    return id
  }

  async begin(given: NewEntry): Promise<Begun> {
    this.#dialect.refuseForeignTransaction?.()
    const entry = normalEntry(given)
    try {
      return await this.#begin(entry)
    } catch (error) {
      // Nothing was written in a refused statement. Any other may have been run.
      if (this.#dialect.canLoseAnswers && entry.as === 'received' && !isRefusal(error)) {
        this.#lost.add({ key: entry.hash, token: entry.token, leaseMs: entry.leaseMs })
      }
      throw error
    }
  }

  #begin(entry: NewEntry): Promise<Begun> {
    const giveUpAt = performance.now() + BUSY_MS
    return untilDecided(async () => {
      const answer = await this.#begins.add({ hash: entry.keyHash, entry })
      // What a late statement saw of leases is not true any more, and its caller has probably gone.
      if (answer?.status === 'late') return { status: 'in-flight', retryAfterMs: 1 }
      if (answer?.status === 'busy') return isOver(giveUpAt) ? { status: 'in-flight', retryAfterMs: 1 } : undefined
      if (answer?.status === 'in-flight') {
        const { retryAfterMs } = this.#outages.protection(entry.leaseMs)
        return { ...answer, retryAfterMs: Math.max(answer.retryAfterMs, retryAfterMs, 1) }
      }
      if (answer?.status !== 'erased') return answer
      await this.#dialect.deleteErased(entry.keyHash)
      return undefined
    }, PATIENCE)
  }

  async rerun(given: Rerun): Promise<RerunBegun> {
    this.#dialect.refuseForeignTransaction?.()
    const rerun = { ...given, namespace: spaceOf(given.namespace), leaseMs: lengthOf(given.leaseMs) }
    const giveUpAt = performance.now() + BUSY_MS
    return untilDecided(async (): Promise<RerunBegun | undefined> => {
      const graced = { ...rerun, ...this.#grace(rerun.leaseMs) }
      const found = await this.#outages.watch(() => this.#dialect.rerun(graced))
      if (found === undefined) return { status: 'missing' }
      if (!rerun.keyIds.includes(found.keyId) || found.format > rerun.maxFormat)
        return { status: 'sealed', keyId: found.keyId }
      if (found.hasBegun) {
        const run = { ...found, ...rerun, number: found.attemptCount }
        const [row] = await readRuns(this.#dialect, [run], rerun.namespace)
        return row === undefined ? { status: 'missing' } : { status: 'begun', row }
      }
      if (rerun.ifAttempts !== undefined && rerun.ifAttempts !== found.attemptCount) return { status: 'spent' }
      return found.leftMs > 0 || isOver(giveUpAt) ? { status: 'in-flight' } : undefined
    })
  }

  async take(given: Taking): Promise<TakenRow[]> {
    this.#dialect.refuseForeignTransaction?.()
    const taking = { ...given, namespace: spaceOf(given.namespace), leaseMs: lengthOf(given.leaseMs) }
    if (taking.keyIds.length === 0) return []
    const take = () => this.#outages.watch(() => this.#dialect.take({ ...taking, ...this.#grace(taking.leaseMs) }))
    return readRuns(this.#dialect, await untilDecided(take, PATIENCE), taking.namespace)
  }

  async extend(hash: string, token: string, leaseMs: number): Promise<boolean> {
    const extend = () => this.#outages.watch(() => this.#dialect.extend(hash, token, lengthOf(leaseMs)))
    return untilDecided(extend, PATIENCE)
  }

  async finish(hash: string, token: string, ending: Ending): Promise<boolean> {
    const row = { hash, token, ending: normalEnding(ending) }
    return untilDecided(() => this.#finishes.add(row), PATIENCE)
  }

  /** Not an async function: what throws at once also rolls back a transaction that cannot await. */
  finishWithin(within: unknown, hash: string, token: string): Promise<true> {
    return this.#dialect.finishWithin(within, hash, token)
  }

  isHandled(hash: string, token: string): Promise<boolean> {
    return this.#dialect.isHandled(hash, token)
  }

  async note(entry: { readonly namespace: string; readonly keyHash: string }, given: NewAttempt): Promise<void> {
    const { namespace, keyHash: hash } = entry
    const row = { hash, namespace: spaceOf(namespace), attempt: normalAttempt(given) }
    await untilDecided(() => this.#notes.add(row), PATIENCE_FOR_NOTES)
  }

  async find(query: RowQuery): Promise<readonly EntryRow[]> {
    if (query.about?.length === 0 || query.states?.length === 0) return []
    return untilDecided(() => this.#dialect.find(normalQuery(query)))
  }

  hasNewer(query: NewerQuery): Promise<boolean> {
    return this.#newer.find(query)
  }

  async read(namespace: string, hash: string): Promise<FullRow | undefined> {
    const rows = await untilDecided(() => this.#dialect.read(spaceOf(namespace), [hash]))
    return rows[0]
  }

  async erase(given: Erasing): Promise<number> {
    if ('about' in given && given.about.length === 0) return 0
    const which = { ...given, namespace: spaceOf(given.namespace) }
    return untilDecided(() => this.#dialect.erase(which), PATIENCE)
  }

  async purge(which: { readonly namespace: string; readonly keepMs: number; readonly limit: number }): Promise<number> {
    const namespace = spaceOf(which.namespace)
    const keepMs = lengthOf(which.keepMs)
    let total = 0
    while (total < which.limit) {
      const limit = Math.min(this.#dialect.purgeRows, which.limit - total)
      const deleted = await untilDecided(() => this.#dialect.purge({ namespace, keepMs, limit }))
      total += deleted
      if (deleted < limit) break
    }
    return total
  }

  async stats(namespace: string): Promise<readonly StatsRow[]> {
    return untilDecided(() => this.#dialect.stats(spaceOf(namespace)))
  }

  async addRefusal(refusal: RefusalRow, keep: number): Promise<void> {
    if (keep < 1) return
    const row = normalRefusal(refusal)
    await untilDecided(async () => {
      await this.#dialect.addRefusal(row, keep)
      return true
    })
  }

  async refusals(namespace: string, limit: number): Promise<readonly RefusalRow[]> {
    const rows = await untilDecided(() => this.#dialect.refusals(spaceOf(namespace), limit))
    return rows.map((row) => ({ ...row, namespace }))
  }

  /** Sends deliveries with what is known of outages only now: they may have waited. */
  #sendBegins(waiting: readonly WaitingRow[]): Promise<ReadonlyMap<string, BeginAnswer>> {
    const rows = waiting.map((row) => ({ ...row, ...this.#grace(row.entry.leaseMs) }))
    return inChunks(rows, (chunk) => this.#outages.watch(() => this.#dialect.begin(chunk)))
  }

  #grace(leaseMs: number): WithGrace {
    return { graceMs: lengthOf(this.#outages.protection(leaseMs).graceMs) }
  }
}

const isOver = (time: number) => performance.now() > time
