import { printableJson } from '../redaction/printable-json.js'
import type { Outcome } from './outcome.js'
import { readableLine } from './readable-line.js'

/**
 * A logger that takes an object and a text, such as pino. A console gets lines for a person to read where it writes to a
 * terminal, and JSON lines elsewhere.
 */
export interface OutcomeLogger {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/**
 * Creates an `onOutcome` that writes one line for each delivery, without its body, credentials or signature. A success is
 * logged as `info`, a fault of the sender or the handler as `warn`, and an outage of ours as `error`.
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
  const write = isConsole(logger) ? writeLine(logger) : writeObject(logger)
  return (outcome) => {
    logged.add(outcome)
    // A logger may return a promise, whose rejection is ignored by whoever calls this.
    return write(levelOf(outcome), outcome)
  }
}

/** Recognises a console by its methods, because some runtimes have no class for it. */
const isConsole = (logger: OutcomeLogger): logger is Console =>
  ['dir', 'table', 'groupEnd'].every((method) => typeof logger[method as keyof OutcomeLogger] === 'function')

type Level = (typeof LEVELS)[number]

const logged = new WeakSet<Outcome>()

/** Returns whether `logOutcomes` has written the outcome, so that an adapter need not log it again. */
export const wasLogged = (outcome: Outcome): boolean => logged.has(outcome)

const LEVELS = ['info', 'warn', 'error'] as const

const writeObject = (logger: OutcomeLogger) => (level: Level, outcome: Outcome) =>
  logger[level](factsOf(outcome), titleOf(outcome))

/** A console would spread an object over several lines, without a time. */
const writeLine = (console: Console) => (level: Level, outcome: Outcome) =>
  console[level](isTerminal(console, level) ? readableLine(outcome) : jsonLine(level, outcome))

const jsonLine = (level: Level, outcome: Outcome) =>
  printableJson({ level, time: new Date().toISOString(), ...factsOf(outcome), msg: titleOf(outcome) })

/** The error of an outage is none of the outcome's own properties. */
const factsOf = (outcome: Outcome) =>
  outcome.error === undefined ? { ...outcome } : { ...outcome, error: outcome.error }

const titleOf = ({ kind }: Outcome) => `webhook ${kind}`

/** Node keeps the streams of a console under these names, which its documentation does not mention. */
function isTerminal(console: Console, level: Level): boolean {
  const { _stdout, _stderr } = console as { _stdout?: { isTTY?: boolean }; _stderr?: { isTTY?: boolean } }
  return (level === 'info' ? _stdout : _stderr)?.isTTY === true
}

/** Faults of the sender that are answered with a 5xx if the provider does not retry after a 4xx. */
const SENDERS_FAULTS = new Set<Outcome['code']>(['timestamp_invalid', 'payload_invalid', 'body_aborted'])

function levelOf({ kind, status, code, handledBy }: Outcome): Level {
  if (kind === 'dead') return 'error'
  if (kind === 'rejected') return status >= 500 && !SENDERS_FAULTS.has(code) ? 'error' : 'warn'
  return kind === 'failed' || kind === 'abandoned' || handledBy === 'nobody' ? 'warn' : 'info'
}
