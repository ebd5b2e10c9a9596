import type { AnswerTo, CallTo, ObjectCall } from './object-call.js'

/** The parts used of a Durable Object's state. Nothing is imported, so that this file also loads outside of Workers. */
export interface ObjectStateLike {
  readonly storage: {
    readonly sql: { exec(statement: string, ...values: unknown[]): { toArray(): unknown[] } }
    getAlarm(): Promise<number | null>
    setAlarm(atMs: number): Promise<void>
  }
  blockConcurrencyWhile(work: () => Promise<void>): unknown
}

interface EventRow {
  readonly token: string
  readonly is_done: 0 | 1
  readonly ends_at: number
}

/** How long a claim is kept after its lease, so that its token still holds. */
const KEPT_MS = 24 * 3600_000

const PURGE_EVERY_MS = 3600_000
/** Limits what one alarm deletes of a table, because claims wait meanwhile. */
const PURGE_ROWS = 10_000

const TABLES = [
  `CREATE TABLE IF NOT EXISTS events (
    name TEXT PRIMARY KEY, token TEXT NOT NULL, is_done INTEGER NOT NULL, ends_at REAL NOT NULL, forget_at REAL NOT NULL
  ) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS events_forget_at ON events (forget_at)',
  `CREATE TABLE IF NOT EXISTS entities (
    name TEXT PRIMARY KEY, position REAL NOT NULL, forget_at REAL NOT NULL
  ) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS entities_forget_at ON entities (forget_at)',
]

/**
 * The Durable Object that holds the claims and marks of `durableObjectStore`. Export it from your worker's main module, and
 * bind it as a class with SQLite storage (`new_sqlite_classes`). Only the store calls it.
 *
 * It runs one call at a time, and no call awaits between its check and its write. Cloudflare holds an answer back until the
 * write is durable. Each hour it deletes events whose retention has ended.
 *
 * @example
 * export { WebhookStore } from '@mailbox-hooks/core/durable-object'
 */
export class WebhookStore {
  readonly #storage: ObjectStateLike['storage']
  #hasAlarm = false

  constructor(state: ObjectStateLike) {
    this.#storage = state.storage
    for (const statement of TABLES) this.#rows(statement)
    state.blockConcurrencyWhile(async () => {
      this.#hasAlarm = (await this.#storage.getAlarm()) !== null
    })
  }

  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    // Only the store has the binding.
    const call = (await request.json()) as ObjectCall
    return Response.json(this.#answer(call))
  }

  /** Deletes what is to be forgotten, and sets the next alarm if anything is left. */
  async alarm(): Promise<void> {
    const now = Date.now()
    this.#hasAlarm = false
    const deleted = ['events', 'entities'].map((table) => this.#purge(table, now))
    if (deleted.includes(PURGE_ROWS)) this.#purgeIn(0)
    else if (this.#rows('SELECT 1 FROM events UNION ALL SELECT 1 FROM entities LIMIT 1').length > 0) this.#purgeIn()
  }

  #answer(call: ObjectCall): AnswerTo<ObjectCall['act']> {
    switch (call.act) {
      case 'claim':
        return this.#claim(call)
      case 'complete':
        return this.#complete(call)
      case 'release':
        return this.#holds('DELETE FROM events WHERE name = ? AND token = ? AND is_done = 0', call.name, call.token)
      case 'extend':
        return this.#extend(call)
      case 'position':
        return this.#position(call)
    }
  }

  #claim({ name, token, leaseMs, graceMs }: CallTo<'claim'>): AnswerTo<'claim'> {
    const now = Date.now()
    const held = this.#remembered<EventRow>('events', name, now)
    if (held?.is_done) return { status: 'done' }
    // The token may hold already, if the answer to its first call was lost.
    if (held !== undefined && held.token !== token) {
      const leftMs = held.ends_at - now
      if (leftMs > 0) return { status: 'in-flight', retryAfterMs: leftMs }
      if (leftMs > -graceMs) return { status: 'ended' }
    }
    const endsAt = now + leaseMs
    this.#rows('INSERT OR REPLACE INTO events VALUES (?, ?, 0, ?, ?)', name, token, endsAt, endsAt + KEPT_MS)
    this.#purgeIn()
    return { status: 'claimed' }
  }

  #complete({ name, token, retentionMs }: CallTo<'complete'>): boolean {
    const mark = 'UPDATE events SET is_done = 1, forget_at = ? WHERE name = ? AND token = ? AND is_done = 0'
    return this.#holds(mark, Date.now() + retentionMs, name, token)
  }

  #extend({ name, token, leaseMs }: CallTo<'extend'>): boolean {
    const endsAt = Date.now() + leaseMs
    const extension = 'UPDATE events SET ends_at = ?, forget_at = ? WHERE name = ? AND token = ? AND is_done = 0'
    return this.#holds(extension, endsAt, endsAt + KEPT_MS, name, token)
  }

  #position({ name, handled }: CallTo<'position'>): number | null {
    const now = Date.now()
    const newest = this.#remembered<{ position: number }>('entities', name, now)?.position
    if (handled === undefined) return newest ?? null
    const position = Math.max(newest ?? handled.at, handled.at)
    this.#rows('INSERT OR REPLACE INTO entities VALUES (?, ?, ?)', name, position, now + handled.retentionMs)
    this.#purgeIn()
    return position
  }

  /** Runs a statement that changes the row of a token. Returns whether there was one. */
  #holds(statement: string, ...values: unknown[]): boolean {
    return this.#rows(`${statement} RETURNING 1`, ...values).length > 0
  }

  #remembered<Row>(table: 'events' | 'entities', name: string, now: number): Row | undefined {
    const [row] = this.#rows(`SELECT * FROM ${table} WHERE name = ? AND forget_at > ?`, name, now)
    // The tables are this class's own.
    return row as Row | undefined
  }

  #purge(table: string, now: number): number {
    const names = `SELECT name FROM ${table} WHERE forget_at <= ? LIMIT ${PURGE_ROWS}`
    return this.#rows(`DELETE FROM ${table} WHERE name IN (${names}) RETURNING 1`, now).length
  }

  #purgeIn(ms = PURGE_EVERY_MS): void {
    if (this.#hasAlarm) return
    this.#hasAlarm = true
    void this.#storage.setAlarm(Date.now() + ms)
  }

  #rows(statement: string, ...values: unknown[]): unknown[] {
    return this.#storage.sql.exec(statement, ...values).toArray()
  }
}
