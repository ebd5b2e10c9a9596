import type { AttemptSource, EntryState, NewEntry } from '@mailbox-hooks/core/journal'
import type { SqliteClient } from '@mailbox-hooks/core/sql-client'
import {
  type AttemptToWrite,
  abandonedOf,
  decide,
  dueAtBegin,
  dueAtEnd,
  isKept,
  type KnownRow,
  knownOf,
  leaseAtBegin,
  tokensIn,
  trimmedUpTo,
} from '../rows/known-row.js'
import { number, type RawRow } from '../rows/raw-rows.js'
import type { BeginAnswer, BeginRow, FinishRow, NoteRow } from '../rows/row-dialect.js'
import type { SqliteStatements } from './sqlite-statements.js'

/** What a run makes of an entry that is there. */
export interface RunToBegin {
  readonly state: EntryState
  readonly token: string
  readonly source: AttemptSource
  readonly leaseUntil: number | null
  readonly dueAt: number | null
  readonly runs: number
}

/** Entries, one at a time, within a transaction that writes. `now` is the time of the database. */
export class SqliteEntries {
  readonly #client: SqliteClient
  readonly #sql: SqliteStatements

  constructor(client: SqliteClient, sql: SqliteStatements) {
    this.#client = client
    this.#sql = sql
  }

  begin(row: BeginRow, now: number): BeginAnswer {
    const { entry } = row
    const known = this.newest(entry.keyHash)
    const decision = decide(known, row, now)
    if (known === undefined || decision === 'insert') return this.#insert(entry, now)
    if (decision === 'replace') {
      this.delete(known)
      return this.#insert(entry, now)
    }
    if (decision !== 'take' && decision.status === 'outlived') return decision
    this.#client.change(this.#sql.touch, now, known.id)
    if (decision !== 'take') return decision
    const { as: state, token } = entry
    const times = { leaseUntil: leaseAtBegin(entry, now), dueAt: dueAtBegin(entry, now) }
    const runs = state === 'queued' ? 0 : known.runs
    const attempt = this.run(known, { state, token, source: 'provider', ...times, runs }, now)
    return { status: 'begun', number: attempt, isNew: false, hash: known.hash }
  }

  finish({ hash, token, ending }: FinishRow, now: number): boolean {
    const known = this.#known(this.#sql.held, hash, token)
    if (known === undefined) return false
    this.#client.change(this.#sql.finish, ending.state, dueAtEnd(known, ending, now), known.id)
    const { attempt } = ending
    if (attempt !== undefined) this.#write(known, { ...attempt, number: attempt.number ?? known.run.number, at: now })
    return true
  }

  note({ hash, namespace, attempt }: NoteRow, now: number): boolean {
    const known = this.newest(hash)
    if (known === undefined || known.namespace !== namespace || known.state === 'erased') return false
    if (attempt.number !== undefined) {
      this.#write(known, { ...attempt, number: attempt.number, at: now })
      return true
    }
    const attemptCount = known.attemptCount + 1
    this.#client.change(this.#sql.count, known.id)
    if (attempt.source === 'provider') this.#client.change(this.#sql.touch, now, known.id)
    this.#write({ ...known, attemptCount }, { ...attempt, number: attemptCount, at: now })
    return true
  }

  /** Begins a run of an entry, and returns the number of its attempt. */
  run(known: KnownRow, { state, token, source, leaseUntil, dueAt, runs }: RunToBegin, now: number): number {
    const attemptCount = known.attemptCount + 1
    const values = [state, dueAt, runs, token, leaseUntil, attemptCount, attemptCount, source, now, known.id]
    this.#client.change(this.#sql.run, ...values)
    const abandoned = abandonedOf(known)
    if (abandoned !== undefined) this.#write({ ...known, attemptCount }, abandoned)
    return attemptCount
  }

  /** The newest entry of a key. Those of its first generation have the hash of the key. */
  newest(keyHash: string): KnownRow | undefined {
    return this.#known(this.#sql.newestAgain, keyHash) ?? this.byHash(keyHash)
  }

  byHash(hash: string): KnownRow | undefined {
    return this.#known(this.#sql.byHash, hash)
  }

  /** Leaves the hash alone. */
  erase(entry: Pick<KnownRow, 'id' | 'firstReceivedAt'>): void {
    this.#deleteParts(entry)
    this.#client.change(this.#sql.erase, entry.id)
  }

  delete(entry: Pick<KnownRow, 'id' | 'firstReceivedAt'>): void {
    this.#deleteParts(entry)
    this.#client.change(this.#sql.deleteEntry, entry.id)
  }

  #known(sql: string, ...values: unknown[]): KnownRow | undefined {
    const row = this.#client.row<RawRow>(sql, ...values)
    return row === undefined ? undefined : knownOf(row)
  }

  #insert(entry: NewEntry, now: number): BeginAnswer {
    const { hash, about, sealed } = entry
    const inserted = this.#client.row<RawRow>(this.#sql.insert, ...insertValues(entry, now))
    const id = number(inserted?.id)
    this.#client.change(this.#sql.insertContent, id, about.join(''), sealed.content)
    for (const token of about) this.#client.change(this.#sql.insertAbout, token, now, id)
    return { status: 'begun', number: 1, isNew: true, hash }
  }

  #write({ id, attemptCount }: KnownRow, attempt: AttemptToWrite): void {
    if (!isKept(attempt.number, attemptCount)) return
    const { number, at, source, kind, status, code = null, durationMs, error = null, keyId } = attempt
    const values = [id, number, at, source, kind, status, code, durationMs, error, keyId]
    this.#client.change(this.#sql.insertAttempt, ...values)
    const upTo = trimmedUpTo(attemptCount)
    if (upTo > 1) this.#client.change(this.#sql.trim, id, upTo)
  }

  #deleteParts({ id, firstReceivedAt }: Pick<KnownRow, 'id' | 'firstReceivedAt'>): void {
    const row = this.#client.row<RawRow>(this.#sql.tokensOf, id)
    const tokens = row === undefined ? [] : tokensIn(row.about)
    for (const token of tokens) this.#client.change(this.#sql.deleteAbout, token, firstReceivedAt, id)
    this.#client.change(this.#sql.deleteAttempts, id)
    this.#client.change(this.#sql.deleteContent, id)
  }
}

function insertValues(entry: NewEntry, now: number): unknown[] {
  const { hash, keyHash, generation, namespace, provider, account = null, type, as, token, sealed } = entry
  const { windowMs, isLimited, retrySpanMs, occurredAtMs = null } = entry
  return [
    ...[hash, keyHash, generation, namespace, provider, account, type, as, now, now],
    ...[dueAtBegin(entry, now), token, leaseAtBegin(entry, now), now],
    ...[windowMs, Number(isLimited), retrySpanMs, occurredAtMs, sealed.keyId, sealed.format, sealed.meta],
  ]
}
