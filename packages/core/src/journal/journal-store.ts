import type {
  Begun,
  Ending,
  EntryRow,
  Erasing,
  FullRow,
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
} from './journal-rows.js'

export type * from './journal-rows.js'

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

  /**
   * Returns whether `find` would return any `handled` entry for this query. A store that has it can answer many of these
   * together. Without it, `find` is called.
   */
  hasNewer?(query: NewerQuery): Promise<boolean>

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
