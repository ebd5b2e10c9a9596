import {
  type MysqlExecutor,
  type MysqlPoolLike,
  onConnection,
  ServerClock,
  transactionOn,
} from '@mailbox-hooks/core/sql-client'
import { type AttemptToWrite, decide, dueAtBegin, dueAtEnd, type KnownRow, leaseAtBegin } from '../rows/known-row.js'
import type { BeginAnswer, BeginRow, FinishRow, NoteRow } from '../rows/row-dialect.js'
import { isHeld } from './is-held.js'
import type { Found, MysqlEntries } from './mysql-entries.js'
import type { RunToBegin } from './mysql-rows.js'

/**
 * What comes in great numbers: deliveries, the ends of their runs, and notes. Each batch looks first, without locks, and
 * then changes what it could lock, in one transaction.
 */
export class MysqlDeliveries {
  readonly #pool: MysqlPoolLike
  readonly #entries: MysqlEntries
  readonly #clock = new ServerClock()

  constructor(pool: MysqlPoolLike, entries: MysqlEntries) {
    this.#pool = pool
    this.#entries = entries
  }

  begin(rows: readonly BeginRow[]): Promise<Map<string, BeginAnswer>> {
    const madeAt = performance.now()
    return onConnection(this.#pool, async (on) => {
      if (!this.#clock.isKnown) this.#clock.learn(await this.#entries.now(on))
      const deadlines = new Map(rows.map((row) => [row, this.#clock.deadlineMs(row.entry.leaseMs, madeAt)]))
      const found = await this.#entries.newest(
        on,
        rows.map(({ hash }) => hash),
      )
      this.#clock.learn(found.now)
      const answers = new Map<string, BeginAnswer>()
      const touched: number[] = []
      const toInsert: BeginRow[] = []
      const toTake: BeginRow[] = []
      for (const row of rows) {
        const known = found.byHash.get(row.hash)
        const decision = decide(known, row, found.now)
        if (found.now > (deadlines.get(row) ?? 0)) answers.set(row.hash, { status: 'late' })
        else if (decision === 'insert') toInsert.push(row)
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

  /** Takes entries that deliveries may take. What somebody else has locked is busy; what changed is not decided. */
  async #take(on: MysqlExecutor, rows: readonly BeginRow[], { now, byHash }: Found) {
    const locked = await this.#entries.lock(
      on,
      rows.map(({ hash }) => byHash.get(hash)?.id ?? 0),
    )
    const answers: [string, BeginAnswer][] = []
    const runs: RunToBegin[] = []
    for (const row of rows) {
      const { hash, entry } = row
      const known = locked.get(byHash.get(hash)?.id ?? 0)
      if (known === undefined) answers.push([hash, { status: 'busy' }])
      else if (decide(known, row, now) === 'take') {
        const { as: state, token } = entry
        const times = { leaseUntil: leaseAtBegin(entry, now), dueAt: dueAtBegin(entry, now), lastReceivedAt: now }
        runs.push({ known, state, token, source: 'provider', ...times, runs: state === 'queued' ? 0 : known.runs })
        answers.push([hash, { status: 'begun', number: known.attemptCount + 1, isNew: false, hash: known.hash }])
      }
    }
    await this.#entries.run(on, runs, now)
    return answers
  }

  async #insert(on: MysqlExecutor, rows: readonly BeginRow[], now: number) {
    const inserted = await this.#entries.insert(on, rows, now)
    return inserted.map(({ hash, entry }): [string, BeginAnswer] => [
      hash,
      { status: 'begun', number: 1, isNew: true, hash: entry.hash },
    ])
  }

  /** Ends runs, and returns the hashes of those that it could lock. */
  async #finish(on: MysqlExecutor, rows: readonly FinishRow[], { now, byHash }: Found): Promise<Set<string>> {
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

  async #note(on: MysqlExecutor, rows: readonly NoteRow[], { now, byHash }: Found): Promise<Set<string>> {
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
}
