import type { Outcome } from './outcome.js'

const MAX_ID = 12

const FAULTS: ReadonlySet<Outcome['kind']> = new Set(['failed', 'abandoned', 'rejected', 'dead'])

/**
 * Returns an outcome as a line for a person to read: what became of which event, how long it took, and what went wrong.
 *
 * @example
 * readableLine(outcome) // 'webhook handled  mailbox.created  7c04…  63 ms'
 */
export function readableLine(outcome: Outcome): string {
  const { kind, status, code, name, type = '', message, error, durationMs, settled, handledBy, attempt } = outcome
  const isFault = FAULTS.has(kind)
  const parts = [
    `webhook ${kind}`,
    name ?? type,
    shortId(outcome),
    `${durationMs < 10 ? durationMs : Math.round(durationMs)} ms`,
    attempt === undefined ? '' : `attempt ${attempt}`,
    isFault && status !== 0 ? `${status} ${code ?? ''}` : '',
    handledBy === 'nobody' ? 'by nobody: no function for this type' : '',
    settled === false && !isFault ? 'not settled' : '',
    error === undefined ? '' : describeError(error),
    kind === 'rejected' ? message : '',
    issuesOf(outcome),
  ]
  return parts
    .map((part = '') => onOneLine(part).trim())
    .filter((part) => part !== '')
    .join('  ')
}

/** The provider's own id is the end of the deduplication key. */
function shortId({ id = '' }: Outcome): string {
  const own = id.slice(id.lastIndexOf(':') + 1) || id
  return own.length > MAX_ID ? `${own.slice(0, MAX_ID - 4)}…` : own
}

const describeError = ({ name, message, code }: NonNullable<Outcome['error']>) =>
  `${name}${code === undefined ? '' : ` (${code})`}: ${message}`

function issuesOf({ issues = [] }: Outcome): string {
  const [first] = issues
  if (first === undefined) return ''
  return `${first.path} must be ${first.expected}${issues.length > 1 ? `, and ${issues.length - 1} more` : ''}`
}

/** A terminal obeys controls, and shows text in another order for some characters. */
const onOneLine = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
