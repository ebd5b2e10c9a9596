import type { BatchLimits } from './batcher.js'

/** A key to claim. Texts other than `hash` and `token` are for people. */
export interface ClaimRow {
  /** The SHA-256 of the key, in hex. */
  readonly hash: string
  readonly key: string
  readonly provider: string
  readonly type: string
  readonly token: string
  readonly leaseMs: number
  /** A lease that ended less than this ago is not taken over. */
  readonly graceMs: number
}

/** The result of a claim: the key was won, or the state in which it was found. */
export interface Found {
  /** `late` if the statement ran so late that it changed nothing: leases may have ended in the meantime. */
  readonly state: 'won' | 'claimed' | 'done' | 'released' | 'late'
  /** The time until its lease or retention ends. Negative if that is past. */
  readonly leftMs: number
}

/** A change of a claimed key: done for a retention, claimed for a longer lease, or released. */
export interface SettleRow {
  readonly hash: string
  readonly token: string
  readonly state: 'done' | 'claimed' | 'released'
  readonly ms: number
}

export interface PositionRow {
  readonly hash: string
  readonly entity: string
  readonly at: number
  readonly retentionMs: number
}

/**
 * The statements of a database for a store.
 *
 * Times are those of the database. No statement waits for a transaction of the user, in which `markWithin` may have locked
 * a row. So rows are read first, only absent rows are inserted, and others are changed only if they can be locked at once.
 */
export interface Dialect {
  /** Creates missing tables. Any number of processes may call it at once. */
  migrate(): Promise<void>
  /** Claims each key that is absent, or whose lease or retention has ended. A key without a result was not decided. */
  claim(rows: readonly ClaimRow[]): Promise<ReadonlyMap<string, Found>>
  /** Settles each key, and resolves to whether its token held. A key without a result was locked by others. */
  settle(rows: readonly SettleRow[]): Promise<ReadonlyMap<string, boolean>>
  /** Settles a key in the user's transaction. Throws if the token does not hold. */
  markWithin(within: unknown, row: SettleRow): Promise<true>
  /** Returns whether this token has settled the key as done. */
  isDone(hash: string, token: string): Promise<boolean>
  /** Returns the remembered position of an entity. */
  newest(hash: string): Promise<number | undefined>
  /** Raises the remembered position of an entity, and resolves to it. */
  raise(row: PositionRow): Promise<number>
  /** Deletes up to `limit` ended rows, and resolves to their number. */
  purge(limit: number, keepUnhandledMs: number): Promise<number>
  /** Throws while the user has a transaction open on the store's own handle. Undefined if that cannot happen. */
  readonly refuseForeignTransaction?: () => void
  /** Whether a statement may be run although its caller got an error: there is a network in between. */
  readonly canLoseAnswers: boolean
  /** The limits of its batches. */
  readonly limits: BatchLimits
}
