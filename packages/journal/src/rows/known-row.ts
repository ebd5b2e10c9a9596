import {
  type AttemptSource,
  type BeginDecision,
  decideBegin,
  type Ending,
  type EntryState,
  type NewAttempt,
  type NewEntry,
} from '@mailbox-hooks/core/journal'
import { hex, number, optional, type RawRow, text } from './raw-rows.js'
import type { BeginRow } from './row-dialect.js'

/** So many of the newest attempts of an entry are kept, beside the first. */
const KEPT_ATTEMPTS = 20

/** An entry as it is before it is changed. */
export interface KnownRow {
  readonly id: number
  readonly hash: string
  readonly namespace: string
  readonly state: EntryState | 'erased'
  readonly generation: number
  readonly isLimited: boolean
  readonly windowMs: number
  readonly retrySpanMs: number
  readonly firstReceivedAt: number
  readonly lastReceivedAt: number
  readonly dueAt: number | undefined
  readonly token: string
  readonly leaseUntil: number | undefined
  readonly attemptCount: number
  readonly runs: number
  readonly keyId: string
  readonly format: number
  readonly run: { readonly number: number; readonly source: AttemptSource; readonly startedAt: number }
}

export function knownOf(row: RawRow): KnownRow {
  return {
    id: number(row.id),
    hash: hex(row.hash),
    namespace: text(row.namespace),
    state: text(row.state) as KnownRow['state'],
    generation: number(row.generation),
    isLimited: number(row.is_limited) === 1,
    windowMs: number(row.window_ms),
    retrySpanMs: number(row.retry_span_ms),
    firstReceivedAt: number(row.first_received_at),
    lastReceivedAt: number(row.last_received_at),
    dueAt: optional(row.due_at, number),
    token: text(row.token),
    leaseUntil: optional(row.lease_until, number),
    attemptCount: number(row.attempt_count),
    runs: number(row.runs),
    keyId: text(row.key_id),
    format: number(row.format),
    run: {
      number: number(row.run_number),
      source: text(row.run_source) as AttemptSource,
      startedAt: number(row.run_started_at),
    },
  }
}

export interface AttemptToWrite extends NewAttempt {
  readonly number: number
  readonly at: number
}

/** Decides what becomes of a delivery. A lease that has just ended may still belong to its holder. */
export function decide(known: KnownRow | undefined, { entry, graceMs }: BeginRow, now: number): BeginDecision {
  const { leaseUntil } = known ?? {}
  if (known === undefined || leaseUntil === undefined || leaseUntil > now) return decideBegin(known, entry, now)
  const decision = decideBegin({ ...known, leaseUntil: leaseUntil + graceMs }, entry, now)
  return decision !== 'insert' && decision !== 'replace' && decision !== 'take' && decision.status === 'in-flight'
    ? { status: 'in-flight', retryAfterMs: 1 }
    : decision
}

/** The attempt that a run has become which nobody finished; undefined where none was going on. */
export function abandonedOf({ leaseUntil, run }: KnownRow): AttemptToWrite | undefined {
  if (leaseUntil === undefined) return undefined
  return {
    number: run.number,
    at: leaseUntil,
    source: run.source,
    kind: 'abandoned',
    status: 0,
    code: undefined,
    durationMs: leaseUntil - run.startedAt,
    error: undefined,
    keyId: '',
  }
}

/** The highest number of an attempt that is not kept, when there were so many; the first is kept all the same. */
export const trimmedUpTo = (attemptCount: number) => attemptCount - KEPT_ATTEMPTS

export const isKept = (attempt: number, attemptCount: number) => attempt === 1 || attempt > trimmedUpTo(attemptCount)

/** When `work` takes the entry of a delivery; where it is received, when its lease ends. */
export function dueAtBegin({ as, leaseMs, nextAttemptInMs }: NewEntry, now: number): number | null {
  if (as === 'received') return now + leaseMs
  return as === 'queued' && nextAttemptInMs !== undefined ? now + nextAttemptInMs : null
}

export const leaseAtBegin = ({ as, leaseMs }: NewEntry, now: number) => (as === 'received' ? now + leaseMs : null)

/** When `work` takes an entry whose run has ended. */
export function dueAtEnd(
  { firstReceivedAt, retrySpanMs }: KnownRow,
  { state, next }: Ending,
  now: number,
): number | null {
  if ((state !== 'failed' && state !== 'queued') || next === 'never') return null
  return next === 'after-provider' ? firstReceivedAt + retrySpanMs : now + next.inMs
}

/** The state while a run goes on that no delivery began. */
export const stateWhileRunning = (was: EntryState): EntryState =>
  was === 'handled' || was === 'dead' ? was : 'received'

/** Tokens of the index in hex, 16 bytes each. */
export const tokensIn = (about: unknown): readonly string[] => hex(about).match(/.{32}/g) ?? []

/** When `work` was to take an entry; that the lease of one that is received ends is not that. */
export const nextAttemptOf = ({ state, dueAt }: Pick<KnownRow, 'state' | 'dueAt'>) =>
  state === 'queued' || state === 'failed' ? dueAt : undefined
