import { type AttemptToWrite, dueAtBegin, type KnownRow, leaseAtBegin } from '../rows/known-row.js'
import type { BeginRow } from '../rows/row-dialect.js'

/** Lists, in the order in which the statements name their columns. */
export const asJson = (rows: readonly (readonly unknown[])[]) => JSON.stringify(rows)

export const onlyColumn = (values: readonly unknown[]) => asJson(values.map((value) => [value]))

export const base64 = (bytes: Uint8Array | undefined) =>
  bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** A new entry, with its id. */
export interface InsertRow extends BeginRow {
  readonly id: number
}

export const entriesAsJson = (rows: readonly InsertRow[], now: number) =>
  asJson(
    rows.map(({ id, entry }) => [
      id,
      ...[entry.hash, entry.keyHash, entry.generation, entry.namespace, entry.provider, entry.account, entry.type],
      ...[entry.as, now, dueAtBegin(entry, now), entry.token, leaseAtBegin(entry, now), entry.windowMs],
      ...[Number(entry.isLimited), entry.retrySpanMs, entry.occurredAtMs, entry.sealed.keyId, entry.sealed.format],
      base64(entry.sealed.meta),
    ]),
  )

export const attemptsAsJson = (attempts: readonly (readonly [id: number, attempt: AttemptToWrite])[]) =>
  asJson(
    attempts.map(([id, { number, at, source, kind, status, code, durationMs, keyId, error }]) => [
      ...[id, number, at, source, kind, status, code, durationMs, keyId, base64(error)],
    ]),
  )

/** What an entry is when its run has begun. */
export interface RunToBegin {
  readonly known: KnownRow
  readonly state: string
  readonly token: string
  readonly source: 'provider' | 'retry' | 'replay'
  readonly leaseUntil: number | null
  readonly dueAt: number | null
  readonly runs: number
  readonly lastReceivedAt: number
}

export const runsAsJson = (runs: readonly RunToBegin[], now: number) =>
  asJson(
    runs.map(({ known, state, dueAt, runs, token, leaseUntil, source, lastReceivedAt }) => [
      ...[known.id, state, dueAt, runs, token, leaseUntil, known.attemptCount + 1, source, now, lastReceivedAt],
    ]),
  )
