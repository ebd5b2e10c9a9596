import type { EntryState, RowQuery } from '@mailbox-hooks/core/journal'
import { attemptColumns, type ColumnWords, entryColumns } from './raw-rows.js'
import type { TableNames } from './table-names.js'

/** How a database writes what a page of entries is asked for by. */
export interface PageWords {
  /** The placeholder of the value at this position, from 1 on. */
  readonly number: (position: number) => string
  readonly text: (position: number) => string
  /** The value is in hex. */
  readonly bytes: (position: number) => string
  readonly columns: ColumnWords
  /** Joins a table by an index, row by row. */
  readonly join: (kind: 'JOIN' | 'LEFT JOIN', table: string, alias: string, condition: string) => string
}

/** The join of databases that take the index without being told. */
export const PLAIN_JOIN: PageWords['join'] = (kind, table, alias, condition) =>
  `${kind} ${table} AS ${alias} ON ${condition}`

export interface Statement {
  readonly sql: string
  readonly values: readonly unknown[]
}

/** The states that a query may name; they stand in statements as they are. */
const STATES: readonly EntryState[] = ['received', 'handled', 'failed', 'queued', 'dead']

/**
 * The statement of a page of entries with their attempts.
 *
 * Whatever it asks for, it reads along one of three indexes, in the order of the page: that of the tokens, that of the
 * states other than `handled`, and that of all entries. Where it asks for several tokens or states, as much of each as
 * the page takes is read, and the page is the first of these together.
 */
export class FindPage {
  readonly #names: TableNames
  readonly #words: PageWords
  readonly #query: RowQuery
  readonly #values: unknown[] = []
  readonly #direction: 'ASC' | 'DESC'

  constructor(query: RowQuery, names: TableNames, words: PageWords) {
    this.#query = query
    this.#names = names
    this.#words = words
    this.#direction = query.order === 'newest' ? 'DESC' : 'ASC'
  }

  statement(): Statement {
    const { entries, attempts } = this.#names
    const { columns, join } = this.#words
    const order = this.#direction
    const sql = `
      SELECT ${entryColumns(columns)}, ${attemptColumns(columns)}
      FROM (${this.#page()}) AS page
      ${join('JOIN', entries, 'entry', 'entry.id = page.id')}
      ${join('LEFT JOIN', attempts, 'attempt', 'attempt.entry_id = page.id')}
      ORDER BY entry.first_received_at ${order}, entry.id ${order}, attempt.number`
    return { sql, values: this.#values }
  }

  #page(): string {
    const parts = this.#parts()
    if (parts.length === 1) return parts[0]!
    const together = parts.map((part) => `SELECT id, at FROM (${part}) AS part`).join(' UNION ')
    return `SELECT id, at FROM (${together}) AS parts ${this.#inOrder('at', 'id')}`
  }

  #parts(): string[] {
    const { about, states } = this.#query
    if (about !== undefined) return about.map((token) => this.#ofToken(token))
    if (states !== undefined && !states.includes('handled'))
      return [...new Set(states)].map((state) => this.#ofState(state))
    return [this.#ofAll()]
  }

  #ofToken(token: string): string {
    const { about, entries } = this.#names
    return `
      SELECT entry.id, about.first_received_at AS at
      FROM ${about} AS about ${this.#words.join('JOIN', entries, 'entry', 'entry.id = about.entry_id')}
      WHERE about.token = ${this.#bytes(token)} AND entry.namespace = ${this.#text(this.#query.namespace)}
        AND ${this.#ofStates()} ${this.#filters('about.first_received_at', 'about.entry_id')}
      ${this.#inOrder('about.first_received_at', 'about.entry_id')}`
  }

  /** The second condition says that the index will do. */
  #ofState(state: EntryState): string {
    return this.#ofEntries(`entry.state = ${literal(state)} AND entry.state <> 'handled'`)
  }

  #ofAll(): string {
    return this.#ofEntries(this.#ofStates())
  }

  #ofEntries(condition: string): string {
    return `
      SELECT entry.id, entry.first_received_at AS at FROM ${this.#names.entries} AS entry
      WHERE entry.namespace = ${this.#text(this.#query.namespace)} AND ${condition}
        ${this.#filters('entry.first_received_at', 'entry.id')}
      ${this.#inOrder('entry.first_received_at', 'entry.id')}`
  }

  #ofStates(): string {
    const { states } = this.#query
    return states === undefined ? "entry.state <> 'erased'" : `entry.state IN (${states.map(literal).join(', ')})`
  }

  #filters(at: string, id: string): string {
    const { provider, account, type, since, until, occurredAfter } = this.#query
    const conditions = [
      provider !== undefined && `entry.provider = ${this.#text(provider)}`,
      account !== undefined && `entry.account = ${this.#text(account)}`,
      type !== undefined && `entry.type = ${this.#text(type)}`,
      since !== undefined && `${at} >= ${this.#number(Math.ceil(since))}`,
      until !== undefined && `${at} < ${this.#number(Math.ceil(until))}`,
      occurredAfter !== undefined && `entry.occurred_at > ${this.#number(Math.floor(occurredAfter))}`,
      this.#beyond(at, id),
    ]
    return conditions
      .filter((condition) => condition !== false)
      .map((condition) => `AND ${condition}`)
      .join(' ')
  }

  /** Two conditions: by the first the index is read from the right place. */
  #beyond(at: string, id: string): string | false {
    const { after } = this.#query
    if (after === undefined) return false
    const [than, orEqual] = this.#direction === 'DESC' ? ['<', '<='] : ['>', '>=']
    const idOf = `SELECT id FROM ${this.#names.entries} WHERE hash`
    return (
      `${at} ${orEqual} ${this.#number(after.at)} AND (${at} ${than} ${this.#number(after.at)} ` +
      `OR ${id} ${than} (${idOf} = ${this.#bytes(after.hash)}))`
    )
  }

  /** As a number in the text: some databases take no parameter there. */
  #inOrder(at: string, id: string): string {
    const order = this.#direction
    return `ORDER BY ${at} ${order}, ${id} ${order} LIMIT ${Math.trunc(this.#query.limit)}`
  }

  #text(value: string): string {
    return this.#words.text(this.#values.push(value))
  }

  #bytes(hex: string): string {
    return this.#words.bytes(this.#values.push(hex))
  }

  #number(value: number): string {
    return this.#words.number(this.#values.push(value))
  }
}

function literal(state: EntryState): string {
  if (!STATES.includes(state)) throw new TypeError(`find: there is no state ${String(state)}`)
  return `'${state}'`
}
