import type { ArrivalRecord } from './arrival.js'

/**
 * Stores the entries of a journal as rows of a database. A journal is written once over this contract, so a new database
 * needs nothing else. Test your own store with `journalSuite` of `@mailbox-hooks/testing/suites`.
 *
 * Every store promises:
 * - Each method is one atomic operation inside the database.
 * - Times come from the database's own clock, in milliseconds since 1970. Lengths are in milliseconds.
 * - A token belongs to one run of one entry. Once another run has begun, the old token changes nothing. If a lease ended and
 *   nobody took the entry over, its token can still extend and finish the run.
 * - A rejected promise means that the result is unknown.
 * - Texts are opaque: hashes, tokens and key ids are hexadecimal. Sealed parts are bytes that the store does not read.
 * - A hash covers a text that includes the namespace, so two namespaces never share a hash.
 * - It waits at most about a second for a row that a transaction of the user has locked.
 * - A method sees only the entries of its namespace.
 */
export interface JournalStore {
  /** Creates missing tables, and the journal's id. Any number of processes may call it at once. */
  migrate(): Promise<void>

  /** Returns the 16 random bytes, in hex, that the first `migrate()` wrote. */
  journalId(): Promise<string>

  /**
   * Begins a run of an event that a provider delivered. In this order:
   *
   * - No entry has this `keyHash`: inserts the entry in the state `as`, with its index. `begun`.
   * - The newest entry with this `keyHash` was erased: `handled`.
   * - The newest entry guards for a limited time, which is over: `outlived`, unless `generation` is greater than that
   *   entry's. Then inserts, as above.
   * - The newest entry is `handled` or `queued`: says so.
   * - Its lease has not ended: `in-flight`.
   * - Otherwise it is `failed`, `dead`, or its lease has ended. With `as: 'failed'`: changes nothing, `known`. With
   *   `'received'` or `'queued'`: takes it, under this token. `begun`. The sealed parts stay those of the first delivery.
   *
   * An entry that is inserted or taken as `'queued'` has no lease and counts its `runs` from 0. One that is inserted as
   * `'failed'` has no lease either.
   *
   * Each `begun` raises the number of attempts by one, and that is the number of this attempt. A run that is taken over
   * without having been finished becomes an attempt of the kind `abandoned`: it ended with its lease, its `status` is 0.
   *
   * Every delivery raises `lastReceivedAt`, whatever is answered, but `outlived`: that is none of the entry's.
   */
  begin(entry: NewEntry): Promise<Begun>

  /**
   * Begins a run of an entry that exists, for a replay or a ticket: in any state without a live lease. The state of a
   * `handled` or `dead` entry stays while it runs; others become `received`. What forbids it is answered in the order
   * `missing`, `sealed`, `spent`, `in-flight`.
   */
  rerun(run: Rerun): Promise<RerunBegun>

  /**
   * Takes due entries, at most `limit`, oldest due first, and begins a run of each: those that are `queued` or `failed`
   * and whose `nextAttemptAt` has come, and those that are `received` and whose lease has ended. Only those whose key id
   * is in `keyIds` and whose format is not above `maxFormat`. Raises `runs` by one.
   */
  take(run: Taking): Promise<readonly TakenRow[]>

  /** Makes the lease end `leaseMs` from now. Resolves to false if the token no longer holds. */
  extend(hash: string, token: string, leaseMs: number): Promise<boolean>

  /**
   * Ends the run: sets the state, writes the attempt if there is one, and ends the token and the lease. An attempt without a
   * number gets that of the run. If the token no longer holds, it resolves to false and changes nothing. It never inserts an
   * entry.
   */
  finish(hash: string, token: string, ending: Ending): Promise<boolean>

  /**
   * Marks the entry `handled` in the caller's own transaction. Throws if the token does not hold, so that the transaction
   * rolls back, and a `TypeError` if `within` is not a transaction of this database. The token stays readable for
   * `isHandled`.
   */
  finishWithin?(within: unknown, hash: string, token: string): Promise<true>

  /** Returns whether this token has marked the entry `handled`. Called after `finishWithin`, which may have been rolled back. */
  isHandled?(hash: string, token: string): Promise<boolean>

  /**
   * Writes an attempt that began no run (a duplicate, an in-flight answer), or whose run was finished before, to the
   * newest entry with this `keyHash`. Raises the number of attempts unless `attempt.number` is given; then an attempt of
   * this number is replaced. Without a number and from a provider it raises `lastReceivedAt`, too. Of an entry's attempts
   * the one numbered 1 and those with the newest 20 numbers are kept. Where there is no such entry, nothing happens.
   */
  note(entry: { readonly namespace: string; readonly keyHash: string }, attempt: NewAttempt): Promise<void>

  /** Returns entries with their attempts, and without their sealed content. */
  find(query: RowQuery): Promise<readonly EntryRow[]>

  /** Returns one entry with its attempts and its sealed content. */
  read(namespace: string, hash: string): Promise<FullRow | undefined>

  /**
   * Deletes the content of entries (sealed parts, index, attempts), and ends their runs. Their hashes stay until `windowMs`
   * after their last delivery; until then `begin` answers `handled`. Resolves to the number of erased entries.
   */
  erase(which: Erasing): Promise<number>

  /**
   * Deletes entries whose last delivery is more than `keepMs` ago, and erased entries whose window has ended, at most
   * `limit`. Never deletes entries that are `queued` or whose lease has not ended. Resolves to their number.
   */
  purge(which: { readonly namespace: string; readonly keepMs: number; readonly limit: number }): Promise<number>

  /** Counts entries by provider and state, with the time of each provider's last delivery. Erased entries do not count. */
  stats(namespace: string): Promise<readonly StatsRow[]>

  /** Keeps a refusal, and deletes the oldest ones of the namespace beyond `keep`. */
  addRefusal(refusal: RefusalRow, keep: number): Promise<void>

  /** Returns refusals, newest first. */
  refusals(namespace: string, limit: number): Promise<readonly RefusalRow[]>
}

/** The state of an entry. `received`: a handler has it, or its process died with it. */
export type EntryState = 'received' | 'handled' | 'failed' | 'queued' | 'dead'

/** The source of a run: a provider's delivery, `work`, or a replay (also by ticket). */
export type AttemptSource = 'provider' | 'retry' | 'replay'

/** A delivered event. */
export interface NewEntry {
  readonly namespace: string
  /** The hash of the deduplication key. */
  readonly keyHash: string
  /** The hash of the entry's id; the same as `keyHash` unless an earlier entry of the key has outlived its window. */
  readonly hash: string
  /** 0, or one more than the entry that was `outlived`. */
  readonly generation: number
  readonly provider: string
  readonly account: string | undefined
  readonly type: string
  readonly as: 'received' | 'queued' | 'failed'
  readonly token: string
  /** The length of the lease, if it is received. */
  readonly leaseMs: number
  /** The time until `work` takes it, if it is queued. Otherwise never, even if it is `failed`. */
  readonly nextAttemptInMs: number | undefined
  /** How long after a delivery the provider may send the event again. */
  readonly windowMs: number
  /** The entry stands for its key only during `windowMs`, because the same body may later be a new event. */
  readonly isLimited: boolean
  /** How long the provider retries. */
  readonly retrySpanMs: number
  readonly occurredAtMs: number | undefined
  /** Tokens of the blind index, 32 hexadecimal digits each. */
  readonly about: readonly string[]
  readonly sealed: SealedParts
  /** For a store in memory: how the request arrived. */
  readonly record?: ArrivalRecord | undefined
}

export interface SealedParts {
  /** The id of the sealing key. `''` if the parts are plain. */
  readonly keyId: string
  /** The version of the format of the parts. */
  readonly format: number
  /** The part that a list of entries shows: id, name, entity. */
  readonly meta: Uint8Array
  /** Headers and body. */
  readonly content: Uint8Array
}

export type Begun =
  | { readonly status: 'begun'; readonly number: number; readonly isNew: boolean; readonly hash: string }
  | { readonly status: 'in-flight'; readonly retryAfterMs: number }
  | { readonly status: 'handled' }
  | { readonly status: 'queued' }
  | { readonly status: 'known' }
  | { readonly status: 'outlived'; readonly generation: number }

export interface Rerun {
  readonly namespace: string
  readonly hash: string
  readonly token: string
  readonly leaseMs: number
  readonly keyIds: readonly string[]
  /** The newest format that the caller knows. */
  readonly maxFormat: number
  /** Begins only while the entry has so many attempts. */
  readonly ifAttempts?: number | undefined
}

export type RerunBegun =
  | { readonly status: 'begun'; readonly row: TakenRow }
  | { readonly status: 'in-flight' }
  /** The entry does not exist. */
  | { readonly status: 'missing' }
  /** Its key id is not in `keyIds`, or its format is above `maxFormat`. */
  | { readonly status: 'sealed'; readonly keyId: string }
  /** It has another number of attempts than `ifAttempts`. */
  | { readonly status: 'spent' }

export interface Taking {
  readonly namespace: string
  readonly limit: number
  readonly leaseMs: number
  readonly keyIds: readonly string[]
  /** The newest format that the caller knows. */
  readonly maxFormat: number
}

/** The end of a run. */
export interface Ending {
  readonly state: Exclude<EntryState, 'received'>
  /** When `work` takes a failed or queued entry: once the provider's retries are over, after so long, or never. */
  readonly next: 'after-provider' | 'never' | { readonly inMs: number }
  readonly attempt?: NewAttempt | undefined
}

export interface NewAttempt {
  /** Given by the run that it ends; where there was none, the store gives the next. */
  readonly number?: number | undefined
  readonly source: AttemptSource
  /** The outcome's kind. */
  readonly kind: string
  readonly status: number
  readonly code: string | undefined
  readonly durationMs: number
  /** Sealed. */
  readonly error: Uint8Array | undefined
  readonly keyId: string
  /** For a store in memory: how the request arrived. */
  readonly record?: ArrivalRecord | undefined
}

export interface AttemptRow extends NewAttempt {
  readonly number: number
  /** When it ended. */
  readonly at: number
}

export interface EntryRow {
  readonly hash: string
  readonly keyHash: string
  readonly provider: string
  readonly account: string | undefined
  readonly type: string
  readonly state: EntryState
  readonly firstReceivedAt: number
  readonly lastReceivedAt: number
  readonly nextAttemptAt: number | undefined
  /** The number of attempts, including those that are no longer kept. */
  readonly attemptCount: number
  /** The number of times that `work` has taken it. */
  readonly runs: number
  readonly windowMs: number
  readonly keyId: string
  readonly format: number
  readonly meta: Uint8Array
  /** Oldest first. */
  readonly attempts: readonly AttemptRow[]
  /** Of a store in memory: the run that has begun and not ended. */
  readonly running?: { readonly number: number; readonly record: ArrivalRecord } | undefined
}

export interface FullRow extends EntryRow {
  readonly content: Uint8Array
}

/** An entry whose run has begun. */
export interface TakenRow extends FullRow {
  readonly token: string
  /** The number of the attempt that has begun. */
  readonly number: number
  /** The state before it was taken. `nextAttemptAt` is that before, too. */
  readonly was: EntryState
}

export interface RowQuery {
  readonly namespace: string
  /** Entries with any of these tokens. */
  readonly about?: readonly string[] | undefined
  readonly provider?: string | undefined
  readonly account?: string | undefined
  readonly type?: string | undefined
  readonly states?: readonly EntryState[] | undefined
  /** First received at or after, and before. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** Happened after this time, and known to have. */
  readonly occurredAfter?: number | undefined
  readonly order: 'newest' | 'oldest'
  /** Beyond this entry, in the order. */
  readonly after?: { readonly at: number; readonly hash: string } | undefined
  readonly limit: number
}

export type Erasing =
  | { readonly namespace: string; readonly hash: string }
  | { readonly namespace: string; readonly about: readonly string[] }

export interface StatsRow {
  readonly provider: string
  readonly account: string | undefined
  readonly state: EntryState
  readonly count: number
  readonly lastReceivedAt: number
}

/** A request that was refused. */
export interface RefusalRow {
  readonly namespace: string
  /** 32 hexadecimal digits. */
  readonly id: string
  /** Set by the store when it is added. */
  readonly at: number
  readonly code: string
  readonly provider: string | undefined
  readonly keyId: string
  readonly content: Uint8Array
  /** For a store in memory: how the request arrived. */
  readonly record?: ArrivalRecord | undefined
}

/** A row that was written: an entry, or a refusal. */
export type RowChange =
  | { readonly kind: 'entry'; readonly namespace: string; readonly hash: string }
  | { readonly kind: 'refusal'; readonly namespace: string; readonly id: string }

/** Calls the listener after each change of a row, whoever makes it. Returns a function that ends this. */
export type WatchRows = (listener: (change: RowChange) => void) => () => void
