import { randomBytes } from 'node:crypto'
import type { EntryState, Rerun, Taking } from '@mailbox-hooks/core/journal'
import { type MysqlPoolLike, onConnection, rowsOf, transactionOn } from '@mailbox-hooks/core/sql-client'
import { type KnownRow, nextAttemptOf, stateWhileRunning } from '../rows/known-row.js'
import { number, type RawRow } from '../rows/raw-rows.js'
import type { BegunRun, RerunFound, WithGrace } from '../rows/row-dialect.js'
import { isHeld } from './is-held.js'
import type { MysqlEntries } from './mysql-entries.js'
import type { RunToBegin } from './mysql-rows.js'
import type { MysqlStatements } from './mysql-statements.js'

/** Runs that no delivery begins, and their leases. */
export class MysqlRuns {
  readonly #pool: MysqlPoolLike
  readonly #sql: MysqlStatements
  readonly #entries: MysqlEntries

  constructor(pool: MysqlPoolLike, sql: MysqlStatements, entries: MysqlEntries) {
    this.#pool = pool
    this.#sql = sql
    this.#entries = entries
  }

  extend(hash: string, token: string, leaseMs: number): Promise<boolean | undefined> {
    return onConnection(this.#pool, async (on) => {
      const { now, byHash } = await this.#entries.byHash(on, [hash])
      const known = byHash.get(hash)
      if (known === undefined || !isHeld(known, token)) return false
      return transactionOn(on, async () => {
        const current = (await this.#entries.lock(on, [known.id])).get(known.id)
        if (!isHeld(current, token)) return undefined
        const until = now + leaseMs
        await this.#entries.extend(on, known.id, until)
        return true
      })
    })
  }

  rerun({
    namespace,
    hash,
    token,
    leaseMs,
    keyIds,
    maxFormat,
    ifAttempts,
    graceMs,
  }: Rerun & WithGrace): Promise<RerunFound | undefined> {
    return onConnection(this.#pool, async (on) => {
      const { now, byHash } = await this.#entries.byHash(on, [hash])
      const known = byHash.get(hash)
      if (known === undefined || known.namespace !== namespace || known.state === 'erased') return undefined
      const mayBegin = (entry: KnownRow) =>
        entry.state !== 'erased' &&
        (entry.leaseUntil === undefined || entry.leaseUntil + graceMs <= now) &&
        keyIds.includes(entry.keyId) &&
        entry.format <= maxFormat &&
        (ifAttempts === undefined || ifAttempts === entry.attemptCount)
      if (!mayBegin(known)) return foundOf(known, now, false)
      return transactionOn(on, async () => {
        const current = (await this.#entries.lock(on, [known.id])).get(known.id)
        if (current === undefined || !mayBegin(current)) return foundOf(known, now, false)
        await this.#entries.run(on, [runOf(current, { token, source: 'replay', until: now + leaseMs })], now)
        return foundOf({ ...current, attemptCount: current.attemptCount + 1 }, now, true)
      })
    })
  }

  async take(taking: Taking & WithGrace): Promise<BegunRun[]> {
    // Others may have locked those that are due first.
    for (const candidates of [taking.limit, 4 * taking.limit, 16 * taking.limit]) {
      const { taken, isAll } = await this.#takeDue(taking, candidates)
      if (taken.length > 0 || isAll) return taken
    }
    return []
  }

  /** Takes due entries, of so many that are due first. `isAll`: there were no more. */
  #takeDue({ namespace, limit, leaseMs, keyIds, maxFormat, graceMs }: Taking & WithGrace, candidates: number) {
    return onConnection(this.#pool, async (on): Promise<{ taken: BegunRun[]; isAll: boolean }> => {
      const now = await this.#entries.now(on)
      const due: RawRow[] = []
      for (const keyId of new Set(keyIds)) {
        due.push(
          ...(await rowsOf<RawRow>(
            on,
            this.#sql.due,
            namespace,
            keyId,
            now,
            now - graceMs,
            maxFormat,
            String(candidates),
          )),
        )
      }
      if (due.length === 0) return { taken: [], isAll: true }
      const inOrder = due
        .toSorted((one, other) => number(one.due_at) - number(other.due_at) || number(one.id) - number(other.id))
        .slice(0, candidates)
      return transactionOn(on, async () => {
        const locked = await this.#entries.lock(
          on,
          inOrder.map(({ id }) => number(id)),
        )
        const entries = inOrder
          .flatMap(({ id }) => locked.get(number(id)) ?? [])
          .filter((entry) => isDue(entry, now, graceMs))
        const runs = entries.slice(0, limit).map((known) => {
          const token = randomBytes(16).toString('hex')
          return { ...runOf(known, { token, source: 'retry', until: now + leaseMs }), runs: known.runs + 1 }
        })
        await this.#entries.run(on, runs, now)
        const taken = runs.map(({ known, token }) => ({
          hash: known.hash,
          token,
          number: known.attemptCount + 1,
          was: known.state as EntryState, // An erased one is never due.
          nextAttemptAt: nextAttemptOf(known),
        }))
        return { taken, isAll: due.length < candidates }
      })
    })
  }
}

const isDue = ({ state, dueAt }: KnownRow, now: number, graceMs: number) =>
  state !== 'erased' && dueAt !== undefined && dueAt <= (state === 'received' ? now - graceMs : now)

interface RunOf {
  readonly token: string
  readonly source: 'retry' | 'replay'
  readonly until: number
}

/** A run that no delivery begins. `work` takes what it leaves only where the entry is received meanwhile. */
function runOf(known: KnownRow, { token, source, until }: RunOf): RunToBegin {
  const state = stateWhileRunning(known.state as EntryState) // An erased one is not run.
  const dueAt = state === 'received' ? until : null
  return { known, state, token, source, leaseUntil: until, dueAt, runs: known.runs, lastReceivedAt: 0 }
}

function foundOf(known: KnownRow, now: number, hasBegun: boolean): RerunFound {
  const { keyId, format, attemptCount, state, leaseUntil = 0 } = known
  const was = state as EntryState // An erased one is not found.
  return { hasBegun, keyId, format, attemptCount, leftMs: leaseUntil - now, was, nextAttemptAt: nextAttemptOf(known) }
}
