import type { ArrivalRecord } from './arrival.js'
import type { KnownEntry } from './decide-begin.js'
import type {
  AttemptRow,
  AttemptSource,
  Ending,
  EntryRow,
  EntryState,
  FullRow,
  NewAttempt,
  NewEntry,
  TakenRow,
} from './journal-store.js'

/** So many of the newest attempts of an entry are kept, beside the first. */
const KEPT_ATTEMPTS = 20

interface Run {
  readonly token: string
  readonly number: number
  readonly source: AttemptSource
  readonly startedAt: number
  readonly record: ArrivalRecord | undefined
  leaseUntil: number
}

/** An entry of a journal in memory. */
export class MemoryEntry {
  given: NewEntry
  /** The size of its body, roughly. */
  readonly bytes: number
  readonly firstReceivedAt: number
  lastReceivedAt: number
  state: EntryState | 'erased'
  /** When `work` takes a queued or failed one. */
  nextAttemptAt: number | undefined
  attemptCount = 1
  runs = 0
  #run: Run | undefined
  #attempts: AttemptRow[] = []

  constructor(given: NewEntry, now: number) {
    this.given = given
    this.bytes = given.bodyBytes ?? given.sealed.content.length
    this.firstReceivedAt = now
    this.lastReceivedAt = now
    this.state = given.as
    this.#begin(given, now)
  }

  get leaseUntil(): number | undefined {
    return this.#run?.leaseUntil
  }

  /** When `work` may take it. */
  get dueAt(): number | undefined {
    return this.state === 'received' ? this.leaseUntil : this.nextAttemptAt
  }

  /** What a begin must know of it. */
  known(): KnownEntry {
    const { generation, isLimited, windowMs } = this.given
    const { state, lastReceivedAt, leaseUntil } = this
    return { state, generation, isLimited, windowMs, lastReceivedAt, leaseUntil }
  }

  isHeldBy(token: string): boolean {
    return this.#run?.token === token
  }

  isLeased(now: number): boolean {
    return this.#run !== undefined && this.#run.leaseUntil > now
  }

  /** Begins a run of a provider's delivery. */
  takeOver(entry: NewEntry, now: number): void {
    this.#abandon()
    this.state = entry.as
    this.attemptCount++
    if (entry.as === 'queued') this.runs = 0
    this.#begin(entry, now)
  }

  /** Begins a run of another kind. */
  run(token: string, source: AttemptSource, leaseMs: number, now: number): TakenRow {
    const { nextAttemptAt } = this
    const was = this.state as EntryState // An erased one is not run.
    this.#abandon()
    this.attemptCount++
    this.#run = {
      token,
      number: this.attemptCount,
      source,
      startedAt: now,
      record: undefined,
      leaseUntil: now + leaseMs,
    }
    this.nextAttemptAt = undefined
    if (was !== 'handled' && was !== 'dead') this.state = 'received'
    return { ...this.full(), nextAttemptAt, token, number: this.attemptCount, was }
  }

  extend(until: number): void {
    if (this.#run !== undefined) this.#run.leaseUntil = until
  }

  /** Ends the run, and returns its number. */
  end(state: EntryState, nextAttemptAt: number | undefined): number | undefined {
    const number = this.#run?.number
    this.#run = undefined
    this.state = state
    this.nextAttemptAt = state === 'queued' || state === 'failed' ? nextAttemptAt : undefined
    return number
  }

  add(attempt: NewAttempt & { readonly number: number }, at: number): void {
    if (this.#attempts.length === 0 && attempt.number === this.attemptCount) {
      this.#attempts.push({ ...attempt, at })
      return
    }
    const others = this.#attempts.filter(({ number }) => number !== attempt.number)
    this.#attempts = [...others, { ...attempt, at }]
      .filter(({ number }) => number === 1 || number > this.attemptCount - KEPT_ATTEMPTS)
      .sort((one, other) => one.number - other.number)
  }

  erase(): void {
    this.state = 'erased'
    this.nextAttemptAt = undefined
    this.#run = undefined
    this.#attempts = []
    const nothing = { keyId: '', format: 0, meta: new Uint8Array(), content: new Uint8Array() }
    const blank = { provider: '', account: undefined, type: '', about: [], sealed: nothing, record: undefined }
    this.given = { ...this.given, ...blank }
  }

  row(): EntryRow {
    const { hash, keyHash, provider, account, type, windowMs, sealed } = this.given
    const { firstReceivedAt, lastReceivedAt, nextAttemptAt, attemptCount, runs } = this
    const { keyId, format, meta } = sealed
    const state = this.state as EntryState // An erased one is not shown.
    const times = { firstReceivedAt, lastReceivedAt, nextAttemptAt }
    const counts = { attemptCount, runs, windowMs }
    return {
      ...{ hash, keyHash, provider, account, type, state, keyId, format, meta },
      ...times,
      ...counts,
      attempts: this.#attempts,
      ...(this.#run?.record !== undefined && { running: { number: this.#run.number, record: this.#run.record } }),
    }
  }

  full(): FullRow {
    return { ...this.row(), content: this.given.sealed.content }
  }

  #begin({ as, token, leaseMs, nextAttemptInMs, record }: NewEntry, now: number): void {
    this.nextAttemptAt = as === 'queued' && nextAttemptInMs !== undefined ? now + nextAttemptInMs : undefined
    if (as !== 'received') return
    const { attemptCount: number } = this
    this.#run = { token, number, source: 'provider', startedAt: now, record, leaseUntil: now + leaseMs }
  }

  /** A run that nobody has finished becomes an attempt. */
  #abandon(): void {
    const run = this.#run
    if (run === undefined) return
    this.#run = undefined
    const { number, source, startedAt, leaseUntil, record } = run
    const unknown = { status: 0, code: undefined, error: undefined, keyId: '', record }
    this.add({ number, source, kind: 'abandoned', durationMs: leaseUntil - startedAt, ...unknown }, leaseUntil)
  }
}

/** Returns when `work` takes an entry whose run has ended. */
export function nextAttemptAt(entry: MemoryEntry, next: Ending['next'], now: number): number | undefined {
  if (next === 'never') return undefined
  return next === 'after-provider' ? entry.firstReceivedAt + entry.given.retrySpanMs : now + next.inMs
}
