import { randomUUID } from 'node:crypto'
import {
  type Check,
  optional,
  readOptions,
  WHOLE,
  type WithDefaults,
  withDefault,
  YES_OR_NO,
} from '../../options/option-rules.js'
import type { Claim, ClaimedEvent, CompleteOptions, DedupStore, HandledPosition } from '../dedup-store.js'
import { LostClaims } from '../lost-claims.js'
import { OutageWatch } from '../outage-watch.js'
import { Batcher, type BatchLimits, UNBATCHED } from './batcher.js'
import type { ClaimRow, Dialect, Found, SettleRow } from './dialect.js'
import { eventHash, readable } from './event-hash.js'
import { rethrowAdvised } from './rethrow-advised.js'
import { isRefusal } from './sql-errors.js'
import { TABLE, type TableOption } from './table-names.js'
import { untilDecided } from './until-decided.js'

/** A store with a row for each event. */
export interface SqlStore extends Required<Omit<DedupStore, 'ping'>> {
  /** Creates missing tables. Call it at every start; any number of processes may call it at once. */
  migrate(): Promise<void>

  /**
   * Deletes events whose retention has ended, and events that failed or were never settled once they are as old as
   * handled ones become. Resolves to the number of deleted rows. Call it regularly, from any number of processes.
   */
  purge(options?: PurgeOptions): Promise<number>
}

export interface PurgeOptions {
  /** Limits how many rows one call deletes. Default 10,000. */
  readonly limit?: number | undefined
  /**
   * How long an event is kept that failed or was never settled, in milliseconds since its last claim ended. At
   * least a day. Default 7 days, or the longest retention with which this store has completed an event, if that is longer.
   */
  readonly keepUnhandledMs?: number | undefined
}

export interface SqlStoreOptions extends TableOption {
  /**
   * Batches waiting claims, and waiting marks, into one statement. False sends each by itself, which is much slower. Use
   * that only if something in front of the database cannot handle batched statements. Default true.
   */
  readonly batch?: boolean | undefined
}

export const SQL_RULES = { table: TABLE, batch: withDefault(YES_OR_NO, true) } as const

/** The longest time that is stored. Databases cannot represent much later dates. */
const CENTURY_MS = 100 * 365 * 24 * 3600_000
const DAY_MS = 24 * 3600_000
const DEFAULT_RETENTION_MS = 7 * DAY_MS
/** A claim may still be completed after its lease. */
const A_DAY_OR_MORE: Check = [`a number of at least ${DAY_MS}`, (ms) => Number.isFinite(ms) && Number(ms) >= DAY_MS]
const PURGE_RULES = { limit: withDefault(WHOLE, 10_000), keepUnhandledMs: optional(A_DAY_OR_MORE) } as const
type PurgeSettings = { readonly limit: number } & Pick<PurgeOptions, 'keepUnhandledMs'>

/** The number of rows per statement, small enough not to delay other statements. */
const PURGE_ROWS = 1_000

/** Creates a store on a database with this dialect. */
export function sqlStore(dialect: Dialect, { batch }: WithDefaults<SqlStoreOptions>): SqlStore {
  return new DialectStore(dialect, batch ? dialect.limits : UNBATCHED)
}

/** A claim that waits to be sent. */
type WantedRow = Omit<ClaimRow, 'graceMs'>

const LATE_ATTEMPTS = 3

class DialectStore implements SqlStore {
  readonly #dialect: Dialect
  readonly #claims: Batcher<WantedRow, Found>
  readonly #settlements: Batcher<SettleRow, boolean>
  readonly #outages = new OutageWatch({
    onAnswer: () => this.#lost.look(),
    isAnswer: isRefusal,
  })
  readonly #lost = new LostClaims(({ key, token }) => this.release(key, token))
  #longestRetentionMs = DEFAULT_RETENTION_MS

  constructor(dialect: Dialect, limits: BatchLimits) {
    this.#dialect = dialect
    this.#claims = new Batcher({ send: (rows) => this.#sendClaims(rows), limits })
    this.#settlements = new Batcher({ send: (rows) => this.#outages.watch(() => dialect.settle(rows)), limits })
  }

  async migrate(): Promise<void> {
    await untilDecided(async () => {
      await this.#dialect.migrate()
      return true
    })
  }

  async claim(key: string, leaseMs: number, { provider, type }: ClaimedEvent): Promise<Claim> {
    this.#dialect.refuseForeignTransaction?.()
    const token = randomUUID()
    const about = { key: readable(key), provider: readable(provider), type: readable(type) }
    const row = { hash: eventHash(key), ...about, token, leaseMs: Math.min(leaseMs, CENTURY_MS) }
    const { state, leftMs } = await this.#claim(row).catch((error) => {
      // Nothing was written in a refused statement. Any other may have been run.
      if (this.#dialect.canLoseAnswers && !isRefusal(error)) this.#lost.add({ key, token, leaseMs })
      throw error
    })
    if (state === 'won') return { status: 'claimed', token }
    if (state === 'done' && leftMs > 0) return { status: 'done' }
    // If no time is left, another process is taking the row over or completing it, or an outage has just ended.
    const { retryAfterMs } = this.#outages.protection(leaseMs)
    return { status: 'in-flight', retryAfterMs: Math.max(leftMs, retryAfterMs, 1) }
  }

  complete(key: string, token: string, retentionMs: number, options: CompleteOptions = {}): Promise<boolean> {
    const row = settleRow(key, token, 'done', retentionMs)
    this.#longestRetentionMs = Math.max(this.#longestRetentionMs, row.ms)
    // Not an async function: a synchronous statement must throw synchronously, because a synchronous transaction cannot
    // await a rejected promise.
    if (options.within !== undefined) return this.#dialect.markWithin(options.within, row)
    return this.#settle(row)
  }

  release(key: string, token: string): Promise<boolean> {
    return this.#settle(settleRow(key, token, 'released', 0))
  }

  extend(key: string, token: string, leaseMs: number): Promise<boolean> {
    return this.#settle(settleRow(key, token, 'claimed', leaseMs))
  }

  isDone(key: string, token: string): Promise<boolean> {
    return this.#dialect.isDone(eventHash(key), token)
  }

  position(entity: string, handled?: HandledPosition): Promise<number | undefined> {
    const hash = eventHash(entity)
    if (handled === undefined) return this.#dialect.newest(hash).catch(rethrowAdvised)
    const { at, retentionMs } = handled
    const row = { hash, entity: readable(entity), at, retentionMs: Math.min(retentionMs, CENTURY_MS) }
    return untilDecided(() => this.#dialect.raise(row))
  }

  async purge(options: PurgeOptions = {}): Promise<number> {
    const { limit, keepUnhandledMs = this.#longestRetentionMs } = readOptions<PurgeSettings>(
      'purge',
      options,
      PURGE_RULES,
    )
    let total = 0
    while (total < limit) {
      const batch = Math.min(PURGE_ROWS, limit - total)
      const deleted = await untilDecided(() => this.#dialect.purge(batch, Math.min(keepUnhandledMs, CENTURY_MS)))
      total += deleted
      if (deleted < batch) break
    }
    return total
  }

  /** Claims a key, and once more if the statement ran too late: what it saw of leases is not true any more. */
  async #claim(row: WantedRow): Promise<Found> {
    for (let attempt = 1; attempt <= LATE_ATTEMPTS; attempt++) {
      const found = await untilDecided(() => this.#claims.add(row))
      if (found.state !== 'late') return found
    }
    throw new Error('The database ran the claim too late.')
  }

  /** Sends rows with what is known of outages only now: they may have waited. */
  #sendClaims(rows: readonly WantedRow[]): Promise<ReadonlyMap<string, Found>> {
    const claims = rows.map((row) => {
      const { graceMs } = this.#outages.protection(row.leaseMs)
      return { ...row, graceMs: Math.min(graceMs, CENTURY_MS) }
    })
    return this.#outages.watch(() => this.#dialect.claim(claims))
  }

  #settle(row: SettleRow): Promise<boolean> {
    return untilDecided(() => this.#settlements.add(row))
  }
}

function settleRow(key: string, token: string, state: SettleRow['state'], ms: number): SettleRow {
  return { hash: eventHash(key), token, state, ms: Math.min(ms, CENTURY_MS) }
}
