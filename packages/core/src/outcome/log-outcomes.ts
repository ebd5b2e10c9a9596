import { Console } from 'node:console'
import type { Outcome } from './outcome.js'

/** pino, console (to which JSON is written), and whatever else takes an object and a text. */
export interface OutcomeLogger {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/**
 * An `onOutcome` that writes one structured line for each delivery: what is known of it and what became of it, never
 * its body, credentials or signature. What went well is `info`, what the sender or the handler did wrong is `warn`,
 * what is our own outage is `error`.
 *
 * Throws a `TypeError` for what is no logger.
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
  return (outcome) => target[levelOf(outcome)]({ ...outcome }, `webhook ${outcome.kind}`)
}

const LEVELS = ['info', 'warn', 'error'] as const

/** A console would spread an object over several lines, and writes no time; a logger writes its own. */
function jsonLines(console: Console): OutcomeLogger {
  const write = (level: keyof OutcomeLogger) => (facts: object, msg: string) =>
    console[level](JSON.stringify({ level, time: new Date().toISOString(), ...facts, msg }))
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

function levelOf({ kind, status, code }: Outcome): keyof OutcomeLogger {
  if (kind === 'rejected')
    return status >= 500 && code !== 'timestamp_invalid' && code !== 'payload_invalid' ? 'error' : 'warn'
  return kind === 'failed' || kind === 'abandoned' ? 'warn' : 'info'
}
