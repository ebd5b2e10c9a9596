import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  EntryRow,
  EntryState,
  FullRow,
  RefusalRow,
  Rerun,
  RowQuery,
  StatsRow,
  Taking,
} from '@mailbox-hooks/core/journal'
import {
  BATCHED_IN_PROCESS,
  claimLost,
  isInTransaction,
  SqliteClient,
  type SqliteDatabaseLike,
  SqliteMarks,
} from '@mailbox-hooks/core/sql-client'
import { FindPage, PLAIN_JOIN } from '../rows/find-page.js'
import { knownOf, nextAttemptOf, stateWhileRunning } from '../rows/known-row.js'
import { AS_THEY_ARE, entriesOf, hex, number, type RawRow, refusalOf, statsOf } from '../rows/raw-rows.js'
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
import { isDatabase } from './is-database.js'
import { SqliteEntries } from './sqlite-entries.js'
import { type SqliteStatements, sqliteStatements } from './sqlite-statements.js'

const OWNER = 'sqliteJournal'

/** How SQLite writes what a page is asked for by. */
const WORDS = { number: () => '?', text: () => '?', bytes: () => 'unhex(?)', columns: AS_THEY_ARE, join: PLAIN_JOIN }

export class SqliteDialect implements RowDialect {
  readonly canLoseAnswers = false
  readonly limits = BATCHED_IN_PROCESS
  /** It holds up this process. */
  readonly purgeRows = 50
  readonly #client: SqliteClient
  readonly #names: TableNames
  readonly #sql: SqliteStatements
  readonly #entries: SqliteEntries

  constructor(database: SqliteDatabaseLike, table: string) {
    this.#client = new SqliteClient(OWNER, database)
    this.#names = tableNames(table, '"')
    this.#sql = sqliteStatements(this.#names)
    this.#entries = new SqliteEntries(this.#client, this.#sql)
  }

  refuseForeignTransaction = () => this.#client.refuseForeignTransaction()

  async migrate(journalId: string): Promise<void> {
    this.#client.transaction(() => {
      this.#client.database.exec(this.#sql.migrate)
      this.#client.change(this.#sql.insertJournalId, journalId)
    })
  }

  async journalId(): Promise<string | undefined> {
    const row = this.#client.row<RawRow>(this.#sql.journalId)
    return row === undefined ? undefined : hex(row.value)
  }

  async begin(rows: readonly BeginRow[]): Promise<Map<string, BeginAnswer>> {
    return this.#write((now) => new Map(rows.map((row) => [row.hash, this.#entries.begin(row, now)])))
  }

  async finish(rows: readonly FinishRow[]): Promise<Map<string, boolean>> {
    return this.#write((now) => new Map(rows.map((row) => [row.hash, this.#entries.finish(row, now)])))
  }

  async note(rows: readonly NoteRow[]): Promise<Map<string, boolean>> {
    return this.#write((now) => new Map(rows.map((row) => [row.hash, this.#entries.note(row, now)])))
  }

  async extend(hash: string, token: string, leaseMs: number): Promise<boolean> {
    return this.#write((now) => {
      const until = now + leaseMs
      return this.#client.change(this.#sql.extend, until, until, hash, token) === 1
    })
  }

  /** Not an async function: inside of `database.transaction()` only what is thrown at once rolls back. */
  finishWithin(within: unknown, hash: string, token: string): Promise<true> {
    if (!isDatabase(within) || isInTransaction(within) === false) {
      throw new TypeError(
        'complete({ within }): pass the database, and call it inside of database.transaction(), without an await before it',
      )
    }
    const client = within === this.#client.database ? this.#client : new SqliteClient(OWNER, within)
    const marks = SqliteMarks.of(within)
    if (client.change(this.#sql.mark, hash, token) === 1) marks.add(token)
    else if (!marks.has(token) || client.row(this.#sql.isHandled, hash, token) === undefined) throw claimLost()
    return Promise.resolve(true)
  }

  async isHandled(hash: string, token: string): Promise<boolean> {
    this.#client.refuseForeignTransaction()
    return this.#client.row(this.#sql.isHandled, hash, token) !== undefined
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
    return this.#write((now) => {
      const known = this.#entries.byHash(hash)
      if (known === undefined || known.namespace !== namespace || known.state === 'erased') return undefined
      const { keyId, format, attemptCount, state: was, runs } = known
      const leftMs = (known.leaseUntil ?? 0) - now
      const nextAttemptAt = nextAttemptOf(known)
      const canOpen = keyIds.includes(keyId) && format <= maxFormat
      const isOver = known.leaseUntil === undefined || leftMs + graceMs <= 0
      const hasBegun = isOver && canOpen && (ifAttempts === undefined || ifAttempts === attemptCount)
      const found = { hasBegun, keyId, format, leftMs, was, nextAttemptAt }
      if (!hasBegun) return { ...found, attemptCount }
      const number = this.#entries.run(known, runOf(was, { token, source: 'replay', until: now + leaseMs, runs }), now)
      return { ...found, attemptCount: number }
    })
  }

  async take({ namespace, limit, leaseMs, keyIds, maxFormat, graceMs }: Taking & WithGrace): Promise<BegunRun[]> {
    return this.#write((now) => {
      const due = keyIds
        .flatMap((keyId) =>
          this.#client.rows<RawRow>(this.#sql.due, namespace, keyId, now, now - graceMs, maxFormat, limit),
        )
        .sort((one, other) => number(one.due_at) - number(other.due_at) || number(one.id) - number(other.id))
      return due.slice(0, limit).map((row) => {
        const known = knownOf(row)
        const was = known.state as EntryState // An erased one is never due.
        const token = randomBytes(16).toString('hex')
        const run = runOf(was, { token, source: 'retry', until: now + leaseMs, runs: known.runs + 1 })
        const number = this.#entries.run(known, run, now)
        return { hash: known.hash, token, number, was, nextAttemptAt: nextAttemptOf(known) }
      })
    })
  }

  async find(query: RowQuery): Promise<EntryRow[]> {
    const { sql, values } = new FindPage(query, this.#names, WORDS).statement()
    return entriesOf(this.#client.rows<RawRow>(sql, ...values))
  }

  async newer(rows: readonly NewerRow[]): Promise<string[]> {
    const isThere = ({ token, since, namespace, occurredAfter }: NewerRow) =>
      this.#client.row(this.#sql.newer, token, since, namespace, occurredAfter) !== undefined
    return rows.filter(isThere).map(({ hash }) => hash)
  }

  async read(namespace: string, hashes: readonly string[]): Promise<FullRow[]> {
    return hashes.flatMap((hash) => entriesOf(this.#client.rows<RawRow>(this.#sql.read, namespace, hash)))
  }

  async erase(which: Which): Promise<number> {
    return this.#write(() => {
      const entries = this.#entriesOf(which)
      for (const entry of entries) this.#entries.erase(entry)
      return entries.length
    })
  }

  /** A begin deletes it itself. */
  async deleteErased(): Promise<void> {}

  async purge(which: { namespace: string; keepMs: number; limit: number }): Promise<number> {
    const { namespace, keepMs, limit } = which
    // Each batch holds up this process: what else waits goes in between.
    await nextTurn()
    return this.#write((now) => {
      const before = now - keepMs
      const old = this.#positions(this.#sql.old, namespace, before, before, now, limit)
      const erased = this.#positions(this.#sql.oldErased, namespace, now, limit - old.length)
      for (const entry of [...old, ...erased]) this.#entries.delete(entry)
      return old.length + erased.length
    })
  }

  async stats(namespace: string): Promise<StatsRow[]> {
    return this.#client.rows<RawRow>(this.#sql.stats, namespace).map(statsOf)
  }

  async addRefusal({ namespace, id, code, provider, keyId, content }: RefusalRow, keep: number): Promise<void> {
    this.#write((now) => {
      this.#client.change(this.#sql.insertRefusal, id, namespace, now, code, provider ?? null, keyId, content)
      this.#client.change(this.#sql.trimRefusals, namespace, namespace, keep)
    })
  }

  async refusals(namespace: string, limit: number): Promise<RefusalRow[]> {
    return this.#client.rows<RawRow>(this.#sql.refusals, namespace, limit).map(refusalOf)
  }

  #entriesOf(which: Which) {
    if ('about' in which) {
      const found = which.about.flatMap((token) => this.#positions(this.#sql.about, token, which.namespace))
      return [...new Map(found.map((entry) => [entry.id, entry])).values()]
    }
    const known = this.#entries.byHash(which.hash)
    const isThere = known !== undefined && known.namespace === which.namespace && known.state !== 'erased'
    return isThere ? [known] : []
  }

  #positions(sql: string, ...values: unknown[]) {
    return this.#client
      .rows<RawRow>(sql, ...values)
      .map((row) => ({ id: number(row.id), firstReceivedAt: number(row.first_received_at) }))
  }

  /** One transaction, in which time stands still. */
  #write<T>(act: (now: number) => T): T {
    return this.#client.transaction(() => act(number(this.#client.row<RawRow>(this.#sql.now)?.now)))
  }
}

interface RunOf {
  readonly token: string
  readonly source: 'retry' | 'replay'
  readonly until: number
  readonly runs: number
}

/** A run that no delivery begins. `work` takes what it leaves only where the entry is received meanwhile. */
function runOf(was: EntryState, { token, source, until, runs }: RunOf) {
  const state = stateWhileRunning(was)
  return { state, token, source, leaseUntil: until, dueAt: state === 'received' ? until : null, runs }
}
