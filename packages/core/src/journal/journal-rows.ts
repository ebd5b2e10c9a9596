import type { ArrivalRecord } from './arrival.js'

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
  /** For a store in memory: the size of the body, so that it need not pack the content to know it. */
  readonly bodyBytes?: number | undefined
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

/** Asks for handled entries that are newer than another one. */
export interface NewerQuery {
  readonly namespace: string
  /** Entries with any of these tokens. */
  readonly about: readonly string[]
  /** Happened after this time, and known to have. */
  readonly occurredAfter: number
  /** First received at or after this time. */
  readonly since: number
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
