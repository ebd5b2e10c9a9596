import type { NewAttempt } from '@mailbox-hooks/core/journal'
import { number, type RawRow, text } from '../rows/raw-rows.js'
import type { BeginAnswer, BeginRow, FinishRow, NoteRow } from '../rows/row-dialect.js'

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** The names are those of the columns that the statements read. */
export const beginAsJson = (rows: readonly BeginRow[], deadlineMs: (leaseMs: number) => number) =>
  JSON.stringify(
    rows.map(({ entry, graceMs }) => ({
      hash: entry.hash,
      key_hash: entry.keyHash,
      generation: entry.generation,
      namespace: entry.namespace,
      provider: entry.provider,
      account: entry.account,
      type: entry.type,
      state: entry.as,
      token: entry.token,
      lease_ms: entry.leaseMs,
      next_ms: entry.nextAttemptInMs,
      window_ms: entry.windowMs,
      is_limited: entry.isLimited,
      retry_span_ms: entry.retrySpanMs,
      occurred_at: entry.occurredAtMs,
      key_id: entry.sealed.keyId,
      format: entry.sealed.format,
      about: entry.about.join(''),
      meta: base64(entry.sealed.meta),
      content: base64(entry.sealed.content),
      grace_ms: graceMs,
      deadline_ms: Math.round(deadlineMs(entry.leaseMs)),
    })),
  )

export const finishAsJson = (rows: readonly FinishRow[]) =>
  JSON.stringify(
    rows.map(({ hash, token, ending: { state, next, attempt } }) => ({
      hash,
      token,
      state,
      next: typeof next === 'string' ? next : 'in',
      next_ms: typeof next === 'string' ? undefined : next.inMs,
      ...(attempt && attemptAsJson(attempt)),
    })),
  )

export const noteAsJson = (rows: readonly NoteRow[]) =>
  JSON.stringify(rows.map(({ hash, namespace, attempt }) => ({ hash, namespace, ...attemptAsJson(attempt) })))

const attemptAsJson = ({ number, source, kind, status, code, durationMs, error, keyId }: NewAttempt) => ({
  number,
  source,
  kind,
  status,
  code,
  duration_ms: durationMs,
  error: error && base64(error),
  key_id: keyId,
})

/** What a row says of the delivery of a key; `hashes` are those that new entries have, by key. */
export function beginAnswer(row: RawRow, hashes: ReadonlyMap<string, string>): BeginAnswer {
  const status = text(row.status)
  if (status === 'new') {
    // Each row is of a key that was asked for.
    return { status: 'begun', number: 1, isNew: true, hash: hashes.get(text(row.key))! }
  }
  if (status === 'taken') return { status: 'begun', number: number(row.number), isNew: false, hash: text(row.hash) }
  if (status === 'in-flight') return { status, retryAfterMs: number(row.left_ms) }
  if (status === 'outlived') return { status, generation: number(row.number) }
  if (status === 'take') return { status: 'busy' }
  return { status: status as 'handled' | 'queued' | 'known' | 'erased' | 'late' }
}
