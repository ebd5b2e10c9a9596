import type { AttemptRow, AttemptSource, EntryState, FullRow, RefusalRow, StatsRow } from '@mailbox-hooks/core/journal'
import { unreadableRows } from '@mailbox-hooks/core/sql-client'
import { fromPlainText } from './normal.js'

/** A row as a client gives it: numbers may be texts or big integers, texts may be bytes. */
export type RawRow = Readonly<Record<string, unknown>>

/** How a database writes columns, so that its client gives them in a form that `entriesOf` reads. */
export interface ColumnWords {
  readonly plain: (column: string) => string
  readonly hex: (column: string) => string
  readonly bytes: (column: string) => string
}

/** Columns as they are. */
export const AS_THEY_ARE: ColumnWords = { plain: String, hex: String, bytes: String }

/** Of `entry`, an alias of the table of entries. */
export function entryColumns({ plain, hex, bytes }: ColumnWords): string {
  const write = (how: (column: string) => string, names: readonly string[]) =>
    names.map((name) => `${how(`entry.${name}`)} AS ${name}`)
  return [
    ...write(hex, ['hash', 'key_hash']),
    ...write(plain, ['id', 'provider', 'account', 'type', 'state', 'first_received_at', 'last_received_at', 'due_at']),
    ...write(plain, ['attempt_count', 'runs', 'window_ms', 'key_id', 'format']),
    ...write(bytes, ['meta']),
  ].join(', ')
}

/** Of `attempt`, an alias of the table of attempts. */
export function attemptColumns({ plain, bytes }: ColumnWords): string {
  const names = ['number', 'ended_at', 'source', 'kind', 'status', 'code', 'duration_ms', 'key_id']
  const written = names.map((name) => `${plain(`attempt.${name}`)} AS a_${name}`)
  return [...written, `${bytes('attempt.error')} AS a_error`].join(', ')
}

/** The entries of rows that have an entry and one of its attempts each; the rows of an entry follow each other. */
export function entriesOf(rows: readonly RawRow[]): FullRow[] {
  const entries: (FullRow & { readonly attempts: AttemptRow[] })[] = []
  let id: unknown
  for (const row of rows) {
    if (entries.length === 0 || String(row.id) !== id) {
      id = String(row.id)
      entries.push(entryOf(row))
    }
    if (row.a_number !== null) entries.at(-1)?.attempts.push(attemptOf(row))
  }
  return entries
}

function entryOf(row: RawRow): FullRow & { readonly attempts: AttemptRow[] } {
  const state = text(row.state) as EntryState
  const entry = {
    hash: hex(row.hash),
    keyHash: hex(row.key_hash),
    provider: given(row.provider),
    account: optional(row.account, given),
    type: given(row.type),
    state,
    firstReceivedAt: number(row.first_received_at),
    lastReceivedAt: number(row.last_received_at),
    nextAttemptAt: state === 'queued' || state === 'failed' ? optional(row.due_at, number) : undefined,
    attemptCount: number(row.attempt_count),
    runs: number(row.runs),
    windowMs: number(row.window_ms),
    keyId: text(row.key_id),
    format: number(row.format),
    meta: bytes(row.meta),
    attempts: [],
  }
  return row.content === undefined
    ? (entry as unknown as FullRow & { attempts: [] })
    : { ...entry, content: bytes(row.content) }
}

function attemptOf(row: RawRow): AttemptRow {
  return {
    number: number(row.a_number),
    at: number(row.a_ended_at),
    source: text(row.a_source) as AttemptSource,
    kind: given(row.a_kind),
    status: number(row.a_status),
    code: optional(row.a_code, given),
    durationMs: number(row.a_duration_ms),
    error: optional(row.a_error, bytes),
    keyId: text(row.a_key_id),
  }
}

export function statsOf(row: RawRow): StatsRow {
  return {
    provider: given(row.provider),
    account: optional(row.account, given),
    state: text(row.state) as EntryState,
    count: number(row.entries),
    lastReceivedAt: number(row.last_received_at),
  }
}

/** The namespace is put in by whoever asked for it. */
export function refusalOf(row: RawRow): RefusalRow {
  return {
    namespace: '',
    id: hex(row.id),
    at: number(row.added_at),
    code: given(row.code),
    provider: optional(row.provider, given),
    keyId: text(row.key_id),
    content: bytes(row.content),
  }
}

export const number = (value: unknown) => Number(value)

/** Text of a column; some come as bytes. */
export const text = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : String(value))

/** A text that a caller gave. */
function given(value: unknown) {
  return fromPlainText(text(value))
}

/** Bytes of a column, or base64, where a client may have a form of its own for bytes. */
function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (typeof value === 'string') return Buffer.from(value, 'base64')
  throw unreadableRows()
}

/** Bytes of a column in hex, or as they came in hex. */
export const hex = (value: unknown) => (typeof value === 'string' ? value : Buffer.from(bytes(value)).toString('hex'))

export const optional = <T>(value: unknown, read: (value: unknown) => T) =>
  value === null || value === undefined ? undefined : read(value)
