import type { EntryRow, FullRow, RefusalRow, Rerun, RowQuery, StatsRow, Taking } from '@mailbox-hooks/core/journal'
import {
  change,
  checkSession,
  type MysqlPoolLike,
  markWithin,
  onConnection,
  rowsOf,
  transactionOn,
} from '@mailbox-hooks/core/sql-client'
import { GATHERED } from '../rows/batch-limits.js'
import { FindPage, PLAIN_JOIN } from '../rows/find-page.js'
import { AS_THEY_ARE, entriesOf, hex, number, type RawRow, refusalOf, statsOf, text } from '../rows/raw-rows.js'
import type { BeginRow, FinishRow, NewerRow, NoteRow, RowDialect, Which, WithGrace } from '../rows/row-dialect.js'
import { type TableNames, tableNames } from '../rows/table-names.js'
import { isHeld } from './is-held.js'
import { MysqlDeliveries } from './mysql-deliveries.js'
import { MysqlEntries } from './mysql-entries.js'
import { MysqlRemovals } from './mysql-removals.js'
import { asJson, base64, onlyColumn } from './mysql-rows.js'
import { MysqlRuns } from './mysql-runs.js'
import { type MysqlStatements, mysqlStatements } from './mysql-statements.js'
import { mysqlTables } from './mysql-tables.js'

/** How MariaDB writes what a page is asked for by. mysql2 sends numbers as doubles. */
const WORDS = {
  number: () => 'CAST(? AS SIGNED)',
  text: () => '?',
  bytes: () => 'UNHEX(?)',
  columns: AS_THEY_ARE,
  join: PLAIN_JOIN,
}

export class MysqlDialect implements RowDialect {
  readonly canLoseAnswers = true
  readonly limits = GATHERED
  readonly purgeRows = 250
  readonly #pool: MysqlPoolLike
  readonly #names: TableNames
  readonly #sql: MysqlStatements
  readonly #entries: MysqlEntries
  readonly #deliveries: MysqlDeliveries
  readonly #runs: MysqlRuns
  readonly #removals: MysqlRemovals

  constructor(pool: MysqlPoolLike, table: string) {
    this.#pool = pool
    this.#names = tableNames(table, '`')
    this.#sql = mysqlStatements(this.#names)
    this.#entries = new MysqlEntries(this.#sql)
    this.#deliveries = new MysqlDeliveries(pool, this.#entries)
    this.#runs = new MysqlRuns(pool, this.#sql, this.#entries)
    this.#removals = new MysqlRemovals(pool, this.#sql, this.#entries)
  }

  async migrate(journalId: string): Promise<void> {
    await onConnection(this.#pool, async (on) => {
      // First: creating a table commits whatever is open.
      checkSession(await rowsOf(on, this.#sql.session))
      await rowsOf(on, this.#sql.lockMigration)
      try {
        for (const statement of mysqlTables(this.#names)) await change(on, statement)
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

  begin(rows: readonly BeginRow[]) {
    return this.#deliveries.begin(rows)
  }

  finish(rows: readonly FinishRow[]) {
    return this.#deliveries.finish(rows)
  }

  note(rows: readonly NoteRow[]) {
    return this.#deliveries.note(rows)
  }

  extend(hash: string, token: string, leaseMs: number) {
    return this.#runs.extend(hash, token, leaseMs)
  }

  rerun(rerun: Rerun & WithGrace) {
    return this.#runs.rerun(rerun)
  }

  take(taking: Taking & WithGrace) {
    return this.#runs.take(taking)
  }

  async finishWithin(within: unknown, hash: string, token: string): Promise<true> {
    const look = async () => (await this.#entries.byHash(this.#pool, [hash])).byHash.get(hash)
    const params = [(await look())?.id ?? 0, token]
    const isStillHeld = async () => isHeld(await look(), token)
    return markWithin(within, this.#pool, { sql: this.#sql.mark, params, isHeld: isStillHeld })
  }

  async isHandled(hash: string, token: string): Promise<boolean> {
    return (await rowsOf(this.#pool, this.#sql.isHandled, hash, token)).length === 1
  }

  async find(query: RowQuery): Promise<EntryRow[]> {
    const { sql, values } = new FindPage(query, this.#names, WORDS).statement()
    return entriesOf(await rowsOf<RawRow>(this.#pool, sql, ...values))
  }

  async newer(rows: readonly NewerRow[]): Promise<string[]> {
    const found: string[] = []
    for (const namespace of new Set(rows.map((row) => row.namespace))) {
      const own = rows.filter((row) => row.namespace === namespace)
      const wanted = asJson(own.map(({ hash, token, occurredAfter, since }) => [hash, token, occurredAfter, since]))
      found.push(
        ...(await rowsOf<RawRow>(this.#pool, this.#sql.newer, wanted, namespace)).map(({ hash }) => text(hash)),
      )
    }
    return found
  }

  async read(namespace: string, hashes: readonly string[]): Promise<FullRow[]> {
    return entriesOf(await rowsOf<RawRow>(this.#pool, this.#sql.read, onlyColumn(hashes), namespace))
  }

  erase(which: Which) {
    return this.#removals.erase(which)
  }

  deleteErased(keyHash: string) {
    return this.#removals.deleteErased(keyHash)
  }

  purge(which: { readonly namespace: string; readonly keepMs: number; readonly limit: number }) {
    return this.#removals.purge(which)
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
}
