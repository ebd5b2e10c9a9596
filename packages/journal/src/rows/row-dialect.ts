import type {
  Begun,
  Ending,
  EntryRow,
  FullRow,
  NewAttempt,
  NewEntry,
  NewerQuery,
  RefusalRow,
  Rerun,
  RowQuery,
  StatsRow,
  Taking,
} from '@mailbox-hooks/core/journal'
import type { BatchLimits } from '@mailbox-hooks/core/sql-client'

/** A delivery; `hash` is that of its key, whose deliveries take turns. */
export interface BeginRow extends WithGrace {
  readonly hash: string
  readonly entry: NewEntry
}

export interface WithGrace {
  /** A lease that ended less than this ago still belongs to its holder, which could not extend it in an outage. */
  readonly graceMs: number
}

/**
 * What became of a delivery. `busy`: it could be taken, and somebody has locked it. `erased`: an erased entry, whose
 * window has ended, has to be deleted first. `late`: the statement ran so late that it changed nothing.
 */
export type BeginAnswer =
  | Begun
  | { readonly status: 'busy' }
  | { readonly status: 'erased' }
  | { readonly status: 'late' }

export interface FinishRow {
  readonly hash: string
  readonly token: string
  readonly ending: Ending
}

/** An attempt; `hash` is that of the key. */
export interface NoteRow {
  readonly hash: string
  readonly namespace: string
  readonly attempt: NewAttempt
}

/** What a rerun found, as it was before; `hasBegun` when it has begun. Undefined where there is no such entry. */
export interface RerunFound {
  readonly hasBegun: boolean
  readonly keyId: string
  readonly format: number
  readonly attemptCount: number
  /** Until its lease ends; negative or 0 without one. */
  readonly leftMs: number
  readonly was: EntryRow['state']
  readonly nextAttemptAt: number | undefined
}

/** A run that has begun. */
export interface BegunRun {
  readonly hash: string
  readonly token: string
  readonly number: number
  /** These two are of before. */
  readonly was: EntryRow['state']
  readonly nextAttemptAt: number | undefined
  /** The entry. Undefined where it is still to be read. */
  readonly row?: FullRow | undefined
}

/** Asks for handled entries with a token that are newer than another one. Each has a hash of its own. */
export interface NewerRow extends Pick<NewerQuery, 'namespace' | 'occurredAfter' | 'since'> {
  readonly hash: string
  readonly token: string
}

export type Which =
  | { readonly namespace: string; readonly hash: string }
  | { readonly namespace: string; readonly about: readonly string[] }

/**
 * What a database does for the rows of a journal. Namespaces, texts and lengths are as `normal.ts` makes them.
 *
 * Times are the database's own. No statement waits for a transaction of the user's: what is locked is left undecided.
 */
export interface RowDialect {
  /** Whether a statement may be run although its caller got an error: there is a network in between. */
  readonly canLoseAnswers: boolean
  readonly limits: BatchLimits
  /** How many entries one statement or transaction deletes, so that what runs beside it does not notice. */
  readonly purgeRows: number
  /** Where it works on the handle on which the user opens transactions: throws while one is open. */
  readonly refuseForeignTransaction?: () => void
  migrate(journalId: string): Promise<void>
  journalId(): Promise<string | undefined>
  /** By the hash of the key. What has no answer was not decided. */
  begin(rows: readonly BeginRow[]): Promise<ReadonlyMap<string, BeginAnswer>>
  /** By hash. What has no answer was locked by others. */
  finish(rows: readonly FinishRow[]): Promise<ReadonlyMap<string, boolean>>
  /** By the hash of the key, false where there is no entry. What has no answer was locked by others. */
  note(rows: readonly NoteRow[]): Promise<ReadonlyMap<string, boolean>>
  /** Undefined when the entry was locked by others. */
  extend(hash: string, token: string, leaseMs: number): Promise<boolean | undefined>
  finishWithin(within: unknown, hash: string, token: string): Promise<true>
  isHandled(hash: string, token: string): Promise<boolean>
  rerun(rerun: Rerun & WithGrace): Promise<RerunFound | undefined>
  take(taking: Taking & WithGrace): Promise<readonly BegunRun[]>
  find(query: RowQuery): Promise<readonly EntryRow[]>
  /** The hashes of those for which there is one. */
  newer(rows: readonly NewerRow[]): Promise<readonly string[]>
  /** In any order. */
  read(namespace: string, hashes: readonly string[]): Promise<readonly FullRow[]>
  /** Undefined when an entry was locked by others. */
  erase(which: Which): Promise<number | undefined>
  /** Deletes an erased entry whose window has ended. */
  deleteErased(keyHash: string): Promise<void>
  purge(which: { readonly namespace: string; readonly keepMs: number; readonly limit: number }): Promise<number>
  stats(namespace: string): Promise<readonly StatsRow[]>
  addRefusal(refusal: RefusalRow, keep: number): Promise<void>
  refusals(namespace: string, limit: number): Promise<readonly RefusalRow[]>
}
