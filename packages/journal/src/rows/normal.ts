import { createHash } from 'node:crypto'
import type { Ending, NewAttempt, NewEntry, RowQuery } from '@mailbox-hooks/core/journal'
import { readable } from '@mailbox-hooks/core/sql-client'

/** The longest time that is kept, which is longer than any life. */
const CENTURY_MS = 100 * 365 * 24 * 3600_000

/** A length in whole milliseconds, of at most a century. */
export const lengthOf = (ms: number) => Math.round(Math.min(Math.max(ms, -CENTURY_MS), CENTURY_MS))

const PLAIN = /^[\x21-\x7e]{0,64}$/

/** A namespace as it stands in the tables: a short text that no collation takes for another, or the hash of a longer one. */
export function spaceOf(namespace: string): string {
  if (PLAIN.test(namespace) && !namespace.startsWith('sha256:')) return namespace
  const bytes = namespace.isWellFormed() ? Buffer.from(namespace) : Buffer.from(namespace, 'utf16le')
  return `sha256:${createHash('sha256').update(bytes).digest('base64url')}`
}

const optional =
  <T>(make: (text: string) => T) =>
  (text: string | undefined) =>
    text === undefined ? undefined : make(text)

export function normalEntry(entry: NewEntry): NewEntry {
  return {
    ...entry,
    namespace: spaceOf(entry.namespace),
    provider: readable(entry.provider),
    account: optional(readable)(entry.account),
    type: readable(entry.type),
    leaseMs: lengthOf(entry.leaseMs),
    nextAttemptInMs: entry.nextAttemptInMs === undefined ? undefined : lengthOf(entry.nextAttemptInMs),
    windowMs: lengthOf(entry.windowMs),
    retrySpanMs: lengthOf(entry.retrySpanMs),
    occurredAtMs: entry.occurredAtMs === undefined ? undefined : Math.round(entry.occurredAtMs),
    about: [...new Set(entry.about)],
  }
}

export function normalAttempt(attempt: NewAttempt): NewAttempt {
  return { ...attempt, durationMs: lengthOf(attempt.durationMs) }
}

export function normalEnding({ state, next, attempt }: Ending): Ending {
  return {
    state,
    next: typeof next === 'string' ? next : { inMs: lengthOf(next.inMs) },
    attempt: attempt === undefined ? undefined : normalAttempt(attempt),
  }
}

export function normalQuery(query: RowQuery): RowQuery {
  const { namespace, provider, account, type } = query
  return {
    ...query,
    namespace: spaceOf(namespace),
    provider: optional(readable)(provider),
    account: optional(readable)(account),
    type: optional(readable)(type),
  }
}
