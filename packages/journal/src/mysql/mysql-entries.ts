import {
  change,
  checkSession,
  type MysqlExecutor,
  rowsOf,
  type SessionRow as Session,
} from '@mailbox-hooks/core/sql-client'
import {
  type AttemptToWrite,
  abandonedOf,
  isKept,
  type KnownRow,
  knownOf,
  tokensIn,
  trimmedUpTo,
} from '../rows/known-row.js'
import { number, type RawRow, text } from '../rows/raw-rows.js'
import type { BeginRow } from '../rows/row-dialect.js'
import {
  asJson,
  attemptsAsJson,
  base64,
  entriesAsJson,
  type InsertRow,
  onlyColumn,
  type RunToBegin,
  runsAsJson,
} from './mysql-rows.js'
import type { MysqlStatements } from './mysql-statements.js'
import { newIds } from './new-ids.js'

/** Entries as they were found, and when. */
export interface Found {
  readonly now: number
  readonly byHash: ReadonlyMap<string, KnownRow>
}

/** What is done with entries on a connection; what changes them, in a transaction in which they are locked. */
export class MysqlEntries {
  readonly #sql: MysqlStatements

  constructor(sql: MysqlStatements) {
    this.#sql = sql
  }

  /** Looks for the newest entries of keys. Throws where the session would commit nothing. */
  newest(on: MysqlExecutor, keyHashes: readonly string[]): Promise<Found> {
    return this.#look(on, this.#sql.newest, keyHashes)
  }

  byHash(on: MysqlExecutor, hashes: readonly string[]): Promise<Found> {
    return this.#look(on, this.#sql.byHash, hashes)
  }

  /** Returns the time, of a session that commits. */
  async now(on: MysqlExecutor): Promise<number> {
    const rows = await rowsOf<SessionRow>(on, this.#sql.now)
    checkSession(rows)
    return number(rows[0]?.now)
  }

  /** Locks entries, and returns them as they are now. Those that others have locked are left out. */
  async lock(on: MysqlExecutor, ids: readonly number[]): Promise<ReadonlyMap<number, KnownRow>> {
    if (ids.length === 0) return new Map()
    const rows = await rowsOf<RawRow>(on, this.#sql.lock, onlyColumn(ids.toSorted((one, other) => one - other)))
    return new Map(rows.map((row) => [number(row.id), knownOf(row)]))
  }

  /** Inserts entries, and returns those that nobody else has inserted at the same time. */
  async insert(on: MysqlExecutor, rows: readonly BeginRow[], now: number): Promise<readonly BeginRow[]> {
    if (rows.length === 0) return []
    const ids = newIds(rows.length, now)
    const given = rows.map((row, index): InsertRow => ({ ...row, id: ids[index]! }))
    const count = await change(on, this.#sql.insert, entriesAsJson(given, now))
    const own = count === rows.length ? given : await this.#own(on, given)
    const contents = own.map(({ id, entry }) => [id, entry.about.join(''), base64(entry.sealed.content)])
    if (contents.length > 0) await change(on, this.#sql.insertContent, asJson(contents))
    const about = own.flatMap(({ id, entry }) => entry.about.map((token) => [token, now, id]))
    if (about.length > 0) await change(on, this.#sql.insertAbout, asJson(about))
    return own
  }

  /** Begins runs of entries that are locked. */
  async run(on: MysqlExecutor, runs: readonly RunToBegin[], now: number): Promise<void> {
    if (runs.length === 0) return
    await change(on, this.#sql.run, runsAsJson(runs, now))
    const counted = runs.map(({ known }) => ({ ...known, attemptCount: known.attemptCount + 1 }))
    const abandoned = counted.flatMap((known): [KnownRow, AttemptToWrite][] => {
      const attempt = abandonedOf(known)
      return attempt === undefined ? [] : [[known, attempt]]
    })
    await this.write(on, abandoned)
  }

  /** Ends runs: each entry's state, and when it is due. */
  async finish(on: MysqlExecutor, ended: readonly (readonly [id: number, state: string, dueAt: number | null])[]) {
    if (ended.length > 0) await change(on, this.#sql.finish, asJson(ended))
  }

  async count(on: MysqlExecutor, counted: readonly (readonly [id: number, count: number, receivedAt: number])[]) {
    if (counted.length > 0) await change(on, this.#sql.count, asJson(counted))
  }

  async extend(on: MysqlExecutor, id: number, until: number): Promise<void> {
    await change(on, this.#sql.extend, until, until, id)
  }

  /** Raises `lastReceivedAt`, in no transaction, of entries that nobody has locked. */
  async touch(on: MysqlExecutor, ids: readonly number[], now: number): Promise<void> {
    if (ids.length > 0) await change(on, this.#sql.touch, onlyColumn(ids), now)
  }

  /** Writes attempts, each of its entry, and deletes those that are not kept any more. */
  async write(on: MysqlExecutor, attempts: readonly (readonly [KnownRow, AttemptToWrite])[]): Promise<void> {
    const kept = attempts.filter(([{ attemptCount }, { number }]) => isKept(number, attemptCount))
    if (kept.length === 0) return
    await change(on, this.#sql.writeAttempts, attemptsAsJson(kept.map(([{ id }, attempt]) => [id, attempt])))
    const trimmed = kept.map(([{ id, attemptCount }]) => [id, trimmedUpTo(attemptCount)] as const)
    const many = trimmed.filter(([, upTo]) => upTo > 1)
    if (many.length > 0) await change(on, this.#sql.trim, asJson(many))
  }

  /** Leaves their hashes alone. */
  async erase(on: MysqlExecutor, entries: readonly KnownRow[]): Promise<void> {
    await this.#deleteParts(on, entries)
    await change(on, this.#sql.erase, onlyColumn(entries.map(({ id }) => id)))
  }

  async delete(on: MysqlExecutor, entries: readonly KnownRow[]): Promise<void> {
    if (entries.length === 0) return
    await this.#deleteParts(on, entries)
    await change(on, this.#sql.deleteEntries, onlyColumn(entries.map(({ id }) => id)))
  }

  async #look(on: MysqlExecutor, sql: string, hashes: readonly string[]): Promise<Found> {
    const rows = await rowsOf<SessionRow>(on, sql, onlyColumn(hashes))
    checkSession(rows)
    return foundIn(rows)
  }

  async #own(on: MysqlExecutor, rows: readonly InsertRow[]): Promise<readonly InsertRow[]> {
    const hashes = onlyColumn(rows.map(({ entry }) => entry.hash))
    const { byHash } = foundIn(await rowsOf<RawRow>(on, this.#sql.byHash, hashes))
    return rows.filter(({ entry }) => byHash.get(entry.hash)?.token === entry.token)
  }

  async #deleteParts(on: MysqlExecutor, entries: readonly KnownRow[]): Promise<void> {
    const ids = onlyColumn(entries.map(({ id }) => id))
    const receivedAt = new Map(entries.map(({ id, firstReceivedAt }) => [id, firstReceivedAt]))
    const rows = await rowsOf<RawRow>(on, this.#sql.tokensOf, ids)
    const about = rows.flatMap((row) => {
      const id = number(row.entry_id)
      return tokensIn(row.about).map((token) => [token, receivedAt.get(id), id])
    })
    if (about.length > 0) await change(on, this.#sql.deleteAbout, asJson(about))
    await change(on, this.#sql.deleteAttempts, ids)
    await change(on, this.#sql.deleteContent, ids)
  }
}

type SessionRow = Session & RawRow

function foundIn(rows: readonly RawRow[]): Found {
  const found = rows.filter(({ id }) => id !== null)
  return { now: number(rows[0]?.now), byHash: new Map(found.map((row) => [text(row.wanted), knownOf(row)])) }
}
