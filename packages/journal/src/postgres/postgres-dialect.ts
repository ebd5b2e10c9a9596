import { randomBytes } from 'node:crypto'
import type { EntryRow, FullRow, RefusalRow, Rerun, RowQuery, StatsRow, Taking } from '@mailbox-hooks/core/journal'
import {
  leftOpenTransaction,
  markWithin,
  PostgresClient,
  type PostgresClientLike,
  ServerClock,
  unreadableRows,
} from '@mailbox-hooks/core/sql-client'
import { GATHERED } from '../rows/batch-limits.js'
import { FindPage, type PageWords } from '../rows/find-page.js'
import { nextAttemptOf } from '../rows/known-row.js'
import { entriesOf, number, optional, type RawRow, refusalOf, statsOf, text } from '../rows/raw-rows.js'
import type {
  BeginAnswer,
  BeginRow,
  BegunRun,
  FinishRow,
  NewerRow,
  NoteRow,
  RerunFound,
  RowDialect,
  Which,
  WithGrace,
} from '../rows/row-dialect.js'
import { type TableNames, tableNames } from '../rows/table-names.js'
import { beginAnswer, beginAsJson, finishAsJson, noteAsJson } from './postgres-rows.js'
import { type PostgresStatements, postgresStatements } from './postgres-statements.js'
import { postgresTables } from './postgres-tables.js'
import { AS_TEXTS } from './postgres-words.js'

/** How PostgreSQL writes what a page is asked for by. */
const WORDS: PageWords = {
  number: (position: number) => `$${position}::bigint`,
  text: (position: number) => `$${position}::text`,
  bytes: (position: number) => `decode($${position}, 'hex')`,
  columns: AS_TEXTS,
  // OFFSET 0 keeps the planner from reading all entries: without statistics, it takes that for cheaper.
  join: (kind, table, alias, condition) =>
    `${kind} LATERAL (SELECT * FROM ${table} AS ${alias} WHERE ${condition} OFFSET 0) AS ${alias} ON true`,
}

export class PostgresDialect implements RowDialect {
  readonly canLoseAnswers = true
  readonly limits = GATHERED
  readonly purgeRows = 250
  readonly #user: PostgresClientLike
  readonly #client: PostgresClient
  readonly #names: TableNames
  readonly #sql: PostgresStatements
  readonly #clock = new ServerClock()
  /** Rows can be read, and the first session commits. */
  #isFit = false

  constructor(client: PostgresClientLike, { table, prepare }: { table: string; prepare: boolean }) {
    this.#user = client
    this.#client = new PostgresClient('postgresJournal', client, { prepare })
    this.#names = tableNames(table, '"')
    this.#sql = postgresStatements(this.#names)
  }

  async migrate(journalId: string): Promise<void> {
    await this.#checkSession()
    await this.#client.script(postgresTables(this.#names, journalId))
    await this.#checkSession()
  }

  async journalId(): Promise<string | undefined> {
    const [row] = await this.#client.run<RawRow>(this.#sql.journalId, [])
    return row === undefined ? undefined : text(row.value)
  }

  async begin(rows: readonly BeginRow[]): Promise<Map<string, BeginAnswer>> {
    const hashes = new Map(rows.map(({ hash, entry }) => [hash, entry.hash]))
    const madeAt = performance.now()
    // First, because the session's check learns the database's time.
    await this.#ready()
    const deadlineMs = (leaseMs: number) => this.#clock.deadlineMs(leaseMs, madeAt)
    const found = await this.#write(this.#sql.begin, beginAsJson(rows, deadlineMs))
    for (const { now_ms } of found) this.#clock.learn(number(now_ms))
    return new Map(found.map((row) => [text(row.key), beginAnswer(row, hashes)]))
  }

  async finish(rows: readonly FinishRow[]): Promise<Map<string, boolean>> {
    const found = await this.#write(this.#sql.finish, finishAsJson(rows))
    return new Map(found.map(({ hash, status }) => [text(hash), status === 'ended']))
  }

  async note(rows: readonly NoteRow[]): Promise<Map<string, boolean>> {
    const found = await this.#write(this.#sql.note, noteAsJson(rows))
    return new Map(found.map(({ hash, status }) => [text(hash), status === 'noted']))
  }

  async extend(hash: string, token: string, leaseMs: number): Promise<boolean | undefined> {
    const [row] = await this.#write(this.#sql.extend, hash, token, leaseMs)
    return row === undefined ? undefined : row.status === 'extended'
  }

  finishWithin(within: unknown, hash: string, token: string): Promise<true> {
    return markWithin(within, this.#user, { sql: this.#sql.mark, params: [hash, token] })
  }

  async isHandled(hash: string, token: string): Promise<boolean> {
    return (await this.#client.run(this.#sql.isHandled, [hash, token])).length === 1
  }

  async rerun({
    namespace,
    hash,
    token,
    leaseMs,
    keyIds,
    maxFormat,
    ifAttempts,
    graceMs,
  }: Rerun & WithGrace): Promise<RerunFound | undefined> {
    const values = [hash, namespace, token, leaseMs, JSON.stringify(keyIds), ifAttempts ?? null, maxFormat, graceMs]
    const [row] = await this.#write(this.#sql.rerun, ...values)
    if (row === undefined) return undefined
    const { was, nextAttemptAt } = before(row)
    return {
      hasBegun: row.status === 'begun',
      keyId: text(row.key_id),
      format: number(row.format),
      attemptCount: number(row.attempt_count),
      leftMs: number(row.left_ms),
      was,
      nextAttemptAt,
    }
  }

  async take({ namespace, limit, leaseMs, keyIds, maxFormat, graceMs }: Taking & WithGrace): Promise<BegunRun[]> {
    const token = randomBytes(16).toString('hex')
    const values = [namespace, JSON.stringify(keyIds), limit, leaseMs, token, maxFormat, graceMs]
    const taken = (await this.#write(this.#sql.take, ...values)).filter(({ status }) => status === 'begun')
    const runs = new Map(taken.map((run) => [text(run.hash), run]))
    return entriesOf(taken).map((row) => {
      const { token, was, was_due_at } = runs.get(row.hash)! // Each entry is made of such rows.
      const run = { hash: row.hash, token: text(token), number: row.attemptCount, row }
      return { ...run, ...before({ state: was, due_at: was_due_at }) }
    })
  }

  async find(query: RowQuery): Promise<EntryRow[]> {
    const { sql, values } = new FindPage(query, this.#names, WORDS).statement()
    return entriesOf(await this.#client.run<RawRow>(sql, [...values]))
  }

  async newer(rows: readonly NewerRow[]): Promise<string[]> {
    return (await this.#client.run<RawRow>(this.#sql.newer, [JSON.stringify(rows)])).map(({ hash }) => text(hash))
  }

  async read(namespace: string, hashes: readonly string[]): Promise<FullRow[]> {
    return entriesOf(await this.#client.run<RawRow>(this.#sql.read, [namespace, JSON.stringify(hashes)]))
  }

  async erase(which: Which): Promise<number | undefined> {
    const hash = 'hash' in which ? which.hash : ''
    const about = 'about' in which ? which.about : []
    const [row] = await this.#write(this.#sql.erase, which.namespace, hash, JSON.stringify(about))
    return row?.status === 'erased' ? number(row.entries) : undefined
  }

  async deleteErased(keyHash: string): Promise<void> {
    await this.#client.run(this.#sql.deleteErased, [keyHash])
  }

  async purge({ namespace, keepMs, limit }: { namespace: string; keepMs: number; limit: number }): Promise<number> {
    const [row] = await this.#write(this.#sql.purge, namespace, keepMs, limit)
    return number(row?.entries)
  }

  async stats(namespace: string): Promise<StatsRow[]> {
    return (await this.#client.run<RawRow>(this.#sql.stats, [namespace])).map(statsOf)
  }

  async addRefusal({ namespace, id, code, provider, keyId, content }: RefusalRow, keep: number): Promise<void> {
    const base64 = Buffer.from(content).toString('base64')
    // The statement does not see the refusal that it adds.
    await this.#write(this.#sql.addRefusal, id, namespace, code, provider ?? null, keyId, base64, keep - 1)
  }

  async refusals(namespace: string, limit: number): Promise<RefusalRow[]> {
    return (await this.#client.run<RawRow>(this.#sql.refusals, [namespace, limit])).map(refusalOf)
  }

  /** Runs a statement that says how it went. */
  async #write(sql: string, ...values: unknown[]): Promise<RawRow[]> {
    // Each statement checks by itself until one check succeeds, because a connection may have died silently.
    await this.#ready()
    const rows = await this.#client.run<RawRow>(sql, values)
    for (const { status } of rows) {
      if (status === 'open') throw leftOpenTransaction()
      if (typeof status !== 'string') throw unreadableRows()
    }
    return rows
  }

  async #ready(): Promise<void> {
    if (!this.#isFit) await this.#checkSession()
  }

  /** Throws where rows cannot be read, or where a transaction was left open. */
  async #checkSession(): Promise<void> {
    const [row] = await this.#client.runOnce<RawRow>(this.#sql.session)
    if (row?.status === 'open') throw leftOpenTransaction()
    if (row?.status !== 'fit') throw unreadableRows()
    this.#clock.learn(number(row.now_ms))
    this.#isFit = true
  }
}

/** What an entry was before its run began. */
function before(row: RawRow) {
  const was = text(row.state) as EntryRow['state']
  return { was, nextAttemptAt: nextAttemptOf({ state: was, dueAt: optional(row.due_at, number) }) }
}
