import { randomUUID } from 'node:crypto'
import { readOptions, WHOLE, type WithDefaults, withDefault, YES_OR_NO } from '../../options/option-rules.js'
import type { Claim, ClaimedEvent, CompleteOptions, DedupStore, HandledPosition } from '../dedup-store.js'
import { Batcher, type BatchLimits, UNBATCHED } from './batcher.js'
import type { ClaimRow, Dialect, Found, SettleRow } from './dialect.js'
import { eventHash, readable } from './event-hash.js'
import { rethrowAdvised } from './rethrow-advised.js'
import { TABLE, type TableOption } from './table-names.js'
import { untilDecided } from './until-decided.js'

/** A store whose events are the rows of a table. */
export interface SqlStore extends Required<DedupStore> {
  /** Creates the tables where they are missing. Any number of processes may call it at once, at every start. */
  migrate(): Promise<void>

  /**
   * Deletes events whose retention has ended and claims that nobody has completed for a day, and resolves to how many
   * it deleted. Call it from time to time, from as many processes as you like.
   */
  purge(options?: PurgeOptions): Promise<number>
}

export interface PurgeOptions {
  /** The most rows that one call deletes. Default 10,000. */
  readonly limit?: number | undefined
}

export interface SqlStoreOptions extends TableOption {
  /**
   * Send the claims that wait for a statement together, as one, and so with what settles them. False sends each by
   * itself: slower by far, for a database in front of which something cannot bear it. Default true.
   */
  readonly batch?: boolean | undefined
}

export const SQL_RULES = { table: TABLE, batch: withDefault(YES_OR_NO, true) } as const

/** The longest time that is kept: beyond it databases run out of years. */
const CENTURY_MS = 100 * 365 * 24 * 3600_000
const PURGE_RULES = { limit: withDefault(WHOLE, 10_000) } as const
/** Few enough that other statements do not notice. */
const PURGE_ROWS = 1_000

/** A store on a database that speaks this dialect. */
export function sqlStore(dialect: Dialect, { batch }: WithDefaults<SqlStoreOptions>): SqlStore {
  return new DialectStore(dialect, batch ? dialect.limits : UNBATCHED)
}

class DialectStore implements SqlStore {
  readonly #dialect: Dialect
  readonly #claims: Batcher<ClaimRow, Found>
  readonly #settlements: Batcher<SettleRow, boolean>

  constructor(dialect: Dialect, limits: BatchLimits) {
    this.#dialect = dialect
    this.#claims = new Batcher({ send: (rows) => dialect.claim(rows), limits })
    this.#settlements = new Batcher({ send: (rows) => dialect.settle(rows), limits })
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
    const { state, leftMs } = await untilDecided(() => this.#claims.add(row))
    if (state === 'won') return { status: 'claimed', token }
    if (state === 'done' && leftMs > 0) return { status: 'done' }
    // With nothing left, the row is locked by somebody who is taking it over or completing it.
    return { status: 'in-flight', retryAfterMs: Math.max(leftMs, 1) }
  }

  complete(key: string, token: string, retentionMs: number, options: CompleteOptions = {}): Promise<boolean> {
    const row = settleRow(key, token, 'done', retentionMs)
    // Not in an async function: where the statement runs at once, it also throws at once, and not into a promise that
    // a transaction without promises cannot await.
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
    const { limit } = readOptions<WithDefaults<PurgeOptions>>('purge', options, PURGE_RULES)
    let total = 0
    while (total < limit) {
      const batch = Math.min(PURGE_ROWS, limit - total)
      const deleted = await untilDecided(() => this.#dialect.purge(batch))
      total += deleted
      if (deleted < batch) break
    }
    return total
  }

  #settle(row: SettleRow): Promise<boolean> {
    return untilDecided(() => this.#settlements.add(row))
  }
}

function settleRow(key: string, token: string, state: SettleRow['state'], ms: number): SettleRow {
  return { hash: eventHash(key), token, state, ms: Math.min(ms, CENTURY_MS) }
}
