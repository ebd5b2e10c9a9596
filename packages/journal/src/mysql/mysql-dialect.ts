import { randomBytes } from 'node:crypto'
import {
  decideBegin,
  type EntryRow,
  type EntryState,
  type FullRow,
  type RefusalRow,
  type Rerun,
  type RowQuery,
  type StatsRow,
  type Taking,
} from '@mailbox-hooks/core/journal'
import {
  BATCHED,
  change,
  checkSession,
  type MysqlConnectionLike,
  type MysqlPoolLike,
  markWithin,
  onConnection,
  rowsOf,
  transactionOn,
} from '@mailbox-hooks/core/sql-client'
import { FindPage } from '../rows/find-page.js'
import {
  type AttemptToWrite,
  dueAtBegin,
  dueAtEnd,
  type KnownRow,
  leaseAtBegin,
  nextAttemptOf,
  stateWhileRunning,
} from '../rows/known-row.js'
import { AS_THEY_ARE, entriesOf, hex, number, type RawRow, refusalOf, statsOf } from '../rows/raw-rows.js'
import type {
  BeginAnswer,
  BeginRow,
  BegunRun,
  FinishRow,
  NoteRow,
  RerunFound,
  RowDialect,
  Which,
} from '../rows/row-dialect.js'
import { type TableNames, tableNames } from '../rows/table-names.js'
import { type Found, MysqlEntries } from './mysql-entries.js'
import { base64, onlyColumn, type RunToBegin } from './mysql-rows.js'
import { type MysqlStatements, mysqlStatements } from './mysql-statements.js'

/** How MariaDB writes what a page is asked for by. mysql2 sends numbers as doubles. */
const WORDS = { number: () => 'CAST(? AS SIGNED)', text: () => '?', bytes: () => 'UNHEX(?)', columns: AS_THEY_ARE }

export class MysqlDialect implements RowDialect {
  readonly limits = BATCHED
  readonly #pool: MysqlPoolLike
  readonly #names: TableNames
  readonly #sql: MysqlStatements
  readonly #entries: MysqlEntries

  constructor(pool: MysqlPoolLike, table: string) {
    this.#pool = pool
    this.#names = tableNames(table, '`')
    this.#sql = mysqlStatements(this.#names)
    this.#entries = new MysqlEntries(this.#sql)
  }

  async migrate(journalId: string): Promise<void> {
    await onConnection(this.#pool, async (on) => {
      // First: creating a table commits whatever is open.
      checkSession(await rowsOf(on, this.#sql.session))
      await rowsOf(on, this.#sql.lockMigration)
      try {
        for (const statement of this.#sql.create) await change(on, statement)
        await change(on, this.#sql.insertJournalId, journalId)
      } finally {
        await rowsOf(on, this.#sql.unlockMigration)
      }
    })
  }

  async journalId(): Promise<string | undefined> {
    const [row] = await rowsOf<RawRow>(this.#pool, this.#sql.journalId)
    return row === undefined ? undefined : hex(row.value)
  }

  begin(rows: readonly BeginRow[]): Promise<Map<string, BeginAnswer>> {
    return onConnection(this.#pool, async (on) => {
      const found = await this.#entries.newest(
        on,
        rows.map(({ hash }) => hash),
      )
      const answers = new Map<string, BeginAnswer>()
      const touched: number[] = []
      const toInsert: BeginRow[] = []
      const toTake: BeginRow[] = []
      for (const row of rows) {
        const known = found.byHash.get(row.hash)
        const decision = decideBegin(known, row.entry, found.now)
        if (decision === 'insert') toInsert.push(row)
        else if (decision === 'take') toTake.push(row)
        else if (decision === 'replace') answers.set(row.hash, { status: 'erased' })
        else {
          answers.set(row.hash, decision)
          if (known !== undefined && decision.status !== 'outlived') touched.push(known.id)
        }
      }
      if (toInsert.length + toTake.length > 0) {
        const begun = await transactionOn(on, async () => [
          ...(await this.#take(on, toTake, found)),
          ...(await this.#insert(on, toInsert, found.now)),
        ])
        for (const [hash, answer] of begun) answers.set(hash, answer)
      }
      await this.#entries.touch(on, touched, found.now)
      return answers
    })
  }

  finish(rows: readonly FinishRow[]): Promise<Map<string, boolean>> {
    return onConnection(this.#pool, async (on) => {
      const found = await this.#entries.byHash(
        on,
        rows.map(({ hash }) => hash),
      )
      const held = rows.filter(({ hash, token }) => isHeld(found.byHash.get(hash), token))
      const answers = new Map(rows.map(({ hash }) => [hash, false]))
      if (held.length === 0) return answers
      const ended = await transactionOn(on, () => this.#finish(on, held, found))
      for (const { hash } of held) {
        if (ended.has(hash)) answers.set(hash, true)
        else answers.delete(hash)
      }
      return answers
    })
  }

  note(rows: readonly NoteRow[]): Promise<Map<string, boolean>> {
    return onConnection(this.#pool, async (on) => {
      const found = await this.#entries.newest(
        on,
        rows.map(({ hash }) => hash),
      )
      const there = rows.filter(({ hash, namespace }) => {
        const known = found.byHash.get(hash)
        return known !== undefined && known.namespace === namespace && known.state !== 'erased'
      })
      const answers = new Map(rows.map(({ hash }) => [hash, false]))
      if (there.length === 0) return answers
      const noted = await transactionOn(on, () => this.#note(on, there, found))
      for (const { hash } of there) {
        if (noted.has(hash)) answers.set(hash, true)
        else answers.delete(hash)
      }
      return answers
    })
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

  finishWithin(within: unknown, hash: string, token: string): Promise<true> {
    return markWithin(within, this.#pool, this.#sql.mark, [hash, token])
  }

  async isHandled(hash: string, token: string): Promise<boolean> {
    return (await rowsOf(this.#pool, this.#sql.isHandled, hash, token)).length === 1
  }

  rerun({ namespace, hash, token, leaseMs, keyIds, ifAttempts }: Rerun): Promise<RerunFound | undefined> {
    return onConnection(this.#pool, async (on) => {
      const { now, byHash } = await this.#entries.byHash(on, [hash])
      const known = byHash.get(hash)
      if (known === undefined || known.namespace !== namespace || known.state === 'erased') return undefined
      const mayBegin = (entry: KnownRow) =>
        entry.state !== 'erased' &&
        (entry.leaseUntil ?? 0) <= now &&
        keyIds.includes(entry.keyId) &&
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

  async take(taking: Taking): Promise<BegunRun[]> {
    // Others may have locked those that are due first.
    for (const candidates of [taking.limit, 4 * taking.limit, 16 * taking.limit]) {
      const { taken, isAll } = await this.#takeDue(taking, candidates)
      if (taken.length > 0 || isAll) return taken
    }
    return []
  }

  async find(query: RowQuery): Promise<EntryRow[]> {
    const { sql, values } = new FindPage(query, this.#names, WORDS).statement()
    return entriesOf(await rowsOf<RawRow>(this.#pool, sql, ...values))
  }

  async read(namespace: string, hashes: readonly string[]): Promise<FullRow[]> {
    return entriesOf(await rowsOf<RawRow>(this.#pool, this.#sql.read, onlyColumn(hashes), namespace))
  }

  erase(which: Which): Promise<number | undefined> {
    return onConnection(this.#pool, async (on) => {
      await this.#entries.now(on)
      const ids = await this.#idsOf(on, which)
      if (ids.length === 0) return 0
      return transactionOn(on, async () => {
        const locked = await this.#entries.lock(on, ids)
        if (locked.size < ids.length) return undefined
        await this.#entries.erase(on, [...locked.values()])
        return ids.length
      })
    })
  }

  deleteErased(keyHash: string): Promise<void> {
    return onConnection(this.#pool, async (on) => {
      const { now, byHash } = await this.#entries.newest(on, [keyHash])
      const known = byHash.get(keyHash)
      if (known === undefined) return
      await transactionOn(on, async () => {
        const locked = [...(await this.#entries.lock(on, [known.id])).values()]
        await this.#entries.delete(
          on,
          locked.filter((entry) => isOver(entry, now)),
        )
      })
    })
  }

  purge({ namespace, keepMs, limit }: { namespace: string; keepMs: number; limit: number }): Promise<number> {
    return onConnection(this.#pool, async (on) => {
      const now = await this.#entries.now(on)
      const before = now - keepMs
      const old = await this.#ids(on, this.#sql.old, namespace, before, before, now, String(limit))
      const erased = await this.#ids(on, this.#sql.oldErased, namespace, now, String(limit - old.length))
      if (old.length + erased.length === 0) return 0
      return transactionOn(on, async () => {
        const locked = [...(await this.#entries.lock(on, [...old, ...erased])).values()]
        const over = locked.filter((entry) => isOld(entry, now, before))
        await this.#entries.delete(on, over)
        return over.length
      })
    })
  }

  async stats(namespace: string): Promise<StatsRow[]> {
    return (await rowsOf<RawRow>(this.#pool, this.#sql.stats, namespace)).map(statsOf)
  }

  addRefusal({ namespace, id, code, provider, keyId, content }: RefusalRow, keep: number): Promise<void> {
    return onConnection(this.#pool, async (on) => {
      const now = await this.#entries.now(on)
      await transactionOn(on, async () => {
        const values = [id, namespace, now, code, provider ?? null, keyId, base64(content)]
        await change(on, this.#sql.insertRefusal, ...values)
        const [first] = await rowsOf<RawRow>(on, this.#sql.firstToGo, namespace, String(keep))
        if (first !== undefined) await change(on, this.#sql.trimRefusals, namespace, number(first.number))
      })
    })
  }

  async refusals(namespace: string, limit: number): Promise<RefusalRow[]> {
    return (await rowsOf<RawRow>(this.#pool, this.#sql.refusals, namespace, String(limit))).map(refusalOf)
  }

  /** Takes entries that deliveries may take. What somebody else has locked is busy; what changed is not decided. */
  async #take(on: MysqlConnectionLike, rows: readonly BeginRow[], { now, byHash }: Found) {
    const locked = await this.#entries.lock(
      on,
      rows.map(({ hash }) => byHash.get(hash)?.id ?? 0),
    )
    const answers: [string, BeginAnswer][] = []
    const runs: RunToBegin[] = []
    for (const { hash, entry } of rows) {
      const known = locked.get(byHash.get(hash)?.id ?? 0)
      if (known === undefined) answers.push([hash, { status: 'busy' }])
      else if (decideBegin(known, entry, now) === 'take') {
        const { as: state, token } = entry
        const times = { leaseUntil: leaseAtBegin(entry, now), dueAt: dueAtBegin(entry, now), lastReceivedAt: now }
        runs.push({ known, state, token, source: 'provider', ...times, runs: state === 'queued' ? 0 : known.runs })
        answers.push([hash, { status: 'begun', number: known.attemptCount + 1, isNew: false, hash: known.hash }])
      }
    }
    await this.#entries.run(on, runs, now)
    return answers
  }

  async #insert(on: MysqlConnectionLike, rows: readonly BeginRow[], now: number) {
    const inserted = await this.#entries.insert(on, rows, now)
    return rows.flatMap(({ hash, entry }): [string, BeginAnswer][] =>
      inserted.has(entry.token) ? [[hash, { status: 'begun', number: 1, isNew: true, hash: entry.hash }]] : [],
    )
  }

  /** Ends runs, and returns the hashes of those that it could lock. */
  async #finish(on: MysqlConnectionLike, rows: readonly FinishRow[], { now, byHash }: Found): Promise<Set<string>> {
    const locked = await this.#entries.lock(
      on,
      rows.map(({ hash }) => byHash.get(hash)?.id ?? 0),
    )
    const ended: [number, string, number | null][] = []
    const attempts: [KnownRow, AttemptToWrite][] = []
    const done = new Set<string>()
    for (const { hash, token, ending } of rows) {
      const known = locked.get(byHash.get(hash)?.id ?? 0)
      if (known === undefined || !isHeld(known, token)) continue
      ended.push([known.id, ending.state, dueAtEnd(known, ending, now)])
      const { attempt } = ending
      if (attempt !== undefined)
        attempts.push([known, { ...attempt, number: attempt.number ?? known.run.number, at: now }])
      done.add(hash)
    }
    await this.#entries.finish(on, ended)
    await this.#entries.write(on, attempts)
    return done
  }

  async #note(on: MysqlConnectionLike, rows: readonly NoteRow[], { now, byHash }: Found): Promise<Set<string>> {
    const locked = await this.#entries.lock(
      on,
      rows.map(({ hash }) => byHash.get(hash)?.id ?? 0),
    )
    const counted: [number, number, number][] = []
    const attempts: [KnownRow, AttemptToWrite][] = []
    const done = new Set<string>()
    for (const { hash, attempt } of rows) {
      const known = locked.get(byHash.get(hash)?.id ?? 0)
      if (known === undefined || known.state === 'erased') continue
      done.add(hash)
      if (attempt.number !== undefined) attempts.push([known, { ...attempt, number: attempt.number, at: now }])
      else {
        const attemptCount = known.attemptCount + 1
        counted.push([known.id, attemptCount, attempt.source === 'provider' ? now : 0])
        attempts.push([
          { ...known, attemptCount },
          { ...attempt, number: attemptCount, at: now },
        ])
      }
    }
    await this.#entries.count(on, counted)
    await this.#entries.write(on, attempts)
    return done
  }

  /** Takes due entries, of so many that are due first. `isAll`: there were no more. */
  #takeDue({ namespace, limit, leaseMs, keyIds }: Taking, candidates: number) {
    return onConnection(this.#pool, async (on): Promise<{ taken: BegunRun[]; isAll: boolean }> => {
      const now = await this.#entries.now(on)
      const due: RawRow[] = []
      for (const keyId of new Set(keyIds)) {
        due.push(...(await rowsOf<RawRow>(on, this.#sql.due, namespace, keyId, now, String(candidates))))
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
        const entries = inOrder.flatMap(({ id }) => locked.get(number(id)) ?? []).filter((entry) => isDue(entry, now))
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

  async #idsOf(on: MysqlConnectionLike, which: Which): Promise<number[]> {
    if ('about' in which) return this.#ids(on, this.#sql.about, onlyColumn(which.about), which.namespace)
    const known = (await this.#entries.byHash(on, [which.hash])).byHash.get(which.hash)
    const isThere = known !== undefined && known.namespace === which.namespace && known.state !== 'erased'
    return isThere ? [known.id] : []
  }

  async #ids(on: MysqlConnectionLike, sql: string, ...values: unknown[]): Promise<number[]> {
    return (await rowsOf<RawRow>(on, sql, ...values)).map(({ id }) => number(id))
  }
}

const isHeld = (known: KnownRow | undefined, token: string) => known?.leaseUntil !== undefined && known.token === token

const isDue = ({ state, dueAt }: KnownRow, now: number) => state !== 'erased' && dueAt !== undefined && dueAt <= now

/** An erased entry whose window has ended. */
const isOver = ({ state, lastReceivedAt, windowMs }: KnownRow, now: number) =>
  state === 'erased' && lastReceivedAt + windowMs <= now

function isOld(entry: KnownRow, now: number, before: number): boolean {
  const { state, lastReceivedAt, leaseUntil = 0 } = entry
  if (state === 'erased') return isOver(entry, now)
  return state !== 'queued' && lastReceivedAt < before && leaseUntil <= now
}

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
  const { keyId, attemptCount, state, leaseUntil = 0 } = known
  const was = state as EntryState // An erased one is not found.
  return { hasBegun, keyId, attemptCount, leftMs: leaseUntil - now, was, nextAttemptAt: nextAttemptOf(known) }
}
