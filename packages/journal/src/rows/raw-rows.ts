import type { AttemptRow, AttemptSource, EntryState, FullRow, RefusalRow, StatsRow } from '@mailbox-hooks/core/journal'

/** A row as a client gives it: numbers may be texts or big integers, texts may be bytes. */
export type RawRow = Readonly<Record<string, unknown>>

/** Of `entry`, an alias of the table of entries. */
export const ENTRY_COLUMNS = [
  ...['id', 'hash', 'key_hash', 'provider', 'account', 'type', 'state', 'first_received_at', 'last_received_at'],
  ...['due_at', 'attempt_count', 'runs', 'window_ms', 'key_id', 'format', 'meta'],
]
  .map((name) => `entry.${name}`)
  .join(', ')

/** Of `attempt`, an alias of the table of attempts. */
export const ATTEMPT_COLUMNS = [
  'attempt.number AS a_number, attempt.ended_at AS a_ended_at, attempt.source AS a_source, attempt.kind AS a_kind,',
  'attempt.status AS a_status, attempt.code AS a_code, attempt.duration_ms AS a_duration_ms,',
  'attempt.error AS a_error, attempt.key_id AS a_key_id',
].join(' ')

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
    provider: text(row.provider),
    account: optional(row.account, text),
    type: text(row.type),
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
    kind: text(row.a_kind),
    status: number(row.a_status),
    code: optional(row.a_code, text),
    durationMs: number(row.a_duration_ms),
    error: optional(row.a_error, bytes),
    keyId: text(row.a_key_id),
  }
}

export function statsOf(row: RawRow): StatsRow {
  return {
    provider: text(row.provider),
    account: optional(row.account, text),
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
    code: text(row.code),
    provider: optional(row.provider, text),
    keyId: text(row.key_id),
    content: bytes(row.content),
  }
}

export const number = (value: unknown) => Number(value)

/** Text of a column; some come as bytes. */
export const text = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : String(value))

export const bytes = (value: unknown): Uint8Array =>
  value instanceof ArrayBuffer ? Buffer.from(value) : (value as Uint8Array)

export const hex = (value: unknown) => Buffer.from(bytes(value)).toString('hex')

export const optional = <T>(value: unknown, read: (value: unknown) => T) =>
  value === null || value === undefined ? undefined : read(value)
