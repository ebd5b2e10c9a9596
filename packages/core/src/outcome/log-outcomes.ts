import { Console } from 'node:console'
import type { Outcome } from './outcome.js'

/** A logger that takes an object and a text, such as pino. A console gets JSON lines. */
export interface OutcomeLogger {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/**
 * Creates an `onOutcome` that writes one structured line for each delivery, without its body, credentials or signature.
 * A success is logged as `info`, a fault of the sender or the handler as `warn`, and an outage of ours as `error`.
 *
 * Throws a `TypeError` if `logger` lacks a method.
 *
 * @example
 * webhooks({ providers, onOutcome: logOutcomes(pino()) })
 */
export function logOutcomes(logger: OutcomeLogger): (outcome: Outcome) => void {
  if (!LEVELS.every((level) => typeof logger?.[level] === 'function')) {
    throw new TypeError(
      'logOutcomes: the logger needs the methods info, warn and error, as console and pino() have them',
    )
  }
  const target = logger instanceof Console ? jsonLines(logger) : logger
  return (outcome) => {
    logged.add(outcome)
    target[levelOf(outcome)]({ ...outcome }, `webhook ${outcome.kind}`)
  }
}

const logged = new WeakSet<Outcome>()

/** Returns whether `logOutcomes` has written the outcome, so that an adapter need not log it again. */
export const wasLogged = (outcome: Outcome): boolean => logged.has(outcome)

const LEVELS = ['info', 'warn', 'error'] as const

/** Writes JSON lines with a time: a console would spread an object over several lines, without a time. */
function jsonLines(console: Console): OutcomeLogger {
  const write = (level: keyof OutcomeLogger) => (facts: object, msg: string) =>
    console[level](JSON.stringify({ level, time: new Date().toISOString(), ...facts, msg }))
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

/** Faults of the sender that are answered with a 5xx if the provider does not retry after a 4xx. */
const SENDERS_FAULTS = new Set<Outcome['code']>(['timestamp_invalid', 'payload_invalid', 'body_aborted'])

function levelOf({ kind, status, code, handledBy }: Outcome): keyof OutcomeLogger {
  if (kind === 'rejected') return status >= 500 && !SENDERS_FAULTS.has(code) ? 'error' : 'warn'
  return kind === 'failed' || kind === 'abandoned' || handledBy === 'nobody' ? 'warn' : 'info'
}
