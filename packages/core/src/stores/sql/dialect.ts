import type { BatchLimits } from './batcher.js'

/** A key to be claimed. Texts but `hash` and `token` are for people. */
export interface ClaimRow {
  /** The SHA-256 of the key, in hex. */
  readonly hash: string
  readonly key: string
  readonly provider: string
  readonly type: string
  readonly token: string
  readonly leaseMs: number
}

/** What a claim found: the key is won, or it is as it was. */
export interface Found {
  readonly state: 'won' | 'claimed' | 'done' | 'released'
  /** Until its lease or its retention ends; negative when that is past. */
  readonly leftMs: number
}

/** What a held key shall be: done for a retention, claimed for a longer lease, or released for anybody to take. */
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
 * What a database does for a store.
 *
 * Times are its own. No statement waits for a transaction of the user's, in which a row may have been locked by
 * `markWithin`: rows are read first, only absent ones are inserted, and others are changed only where they could be
 * locked at once.
 */
export interface Dialect {
  /** Creates the tables that are missing; any number of processes may do so at once. */
  migrate(): Promise<void>
  /** Takes each key that is absent, or whose lease or retention has ended. A key without an answer was not decided. */
  claim(rows: readonly ClaimRow[]): Promise<ReadonlyMap<string, Found>>
  /** Settles each key whose token holds, and says whether it did. A key without an answer was locked by others. */
  settle(rows: readonly SettleRow[]): Promise<ReadonlyMap<string, boolean>>
  /** Settles a key in a transaction of the user's, to be committed there. Throws when the token does not hold. */
  markWithin(within: unknown, row: SettleRow): Promise<true>
  /** Whether the key has been settled as done by this token. */
  isDone(hash: string, token: string): Promise<boolean>
  /** The position remembered for an entity. */
  newest(hash: string): Promise<number | undefined>
  /** Raises the position remembered for an entity, and resolves to it. */
  raise(row: PositionRow): Promise<number>
  /** Deletes up to so many rows that are of no use any more, and resolves to how many there were. */
  purge(limit: number): Promise<number>
  /** Where the store works on the handle on which the user opens transactions: throws while one is open. */
  readonly refuseForeignTransaction?: () => void
  /** How it likes its batches. */
  readonly limits: BatchLimits
}
