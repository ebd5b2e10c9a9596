import { createHash } from 'node:crypto'
import type { Ending, NewAttempt, NewEntry, RefusalRow, RowQuery } from '@mailbox-hooks/core/journal'

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

const LIMIT_CHARACTERS = 4096

/**
 * A text as it stands in the tables: in characters that each database has, and that no collation takes for others. What
 * is not among them is escaped.
 */
const plainText = (text: string) =>
  text
    .slice(0, LIMIT_CHARACTERS)
    .replace(/[^\x21-\x5b\x5d-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The text that `plainText` was made of. Connections of some charsets, such as `sjis`, read a backslash as a wide one. */
export const fromPlainText = (text: string) =>
  text.replace(/[\\\uff3c]u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

const ifThere = (text: string | undefined) => (text === undefined ? undefined : plainText(text))

export function normalEntry(entry: NewEntry): NewEntry {
  return {
    ...entry,
    namespace: spaceOf(entry.namespace),
    provider: plainText(entry.provider),
    account: ifThere(entry.account),
    type: plainText(entry.type),
    leaseMs: lengthOf(entry.leaseMs),
    nextAttemptInMs: entry.nextAttemptInMs === undefined ? undefined : lengthOf(entry.nextAttemptInMs),
    windowMs: lengthOf(entry.windowMs),
    retrySpanMs: lengthOf(entry.retrySpanMs),
    occurredAtMs: entry.occurredAtMs === undefined ? undefined : Math.round(entry.occurredAtMs),
    about: [...new Set(entry.about)],
  }
}

export function normalAttempt(attempt: NewAttempt): NewAttempt {
  const { kind, code, durationMs } = attempt
  return { ...attempt, kind: plainText(kind), code: ifThere(code), durationMs: lengthOf(durationMs) }
}

export function normalRefusal(refusal: RefusalRow): RefusalRow {
  const { namespace, code, provider } = refusal
  return { ...refusal, namespace: spaceOf(namespace), code: plainText(code), provider: ifThere(provider) }
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
    provider: ifThere(provider),
    account: ifThere(account),
    type: ifThere(type),
  }
}
