import { ABOVE_0, ANYTHING, type Check, FUNCTION, optional, TEXT, WHOLE, withDefault } from '../options/option-rules.js'
import type { SealingOptions } from '../queue/sealing-keys.js'

/** The options of every journal. */
export interface JournalOptions extends SealingOptions {
  /** Separates applications that share a database. It must equal the receiver's `namespace`. Default `''`. */
  readonly namespace?: string | undefined
  /** Sets how long an entry is kept after its last delivery, in milliseconds. Default 30 days. */
  readonly keepMs?: number | undefined
  /** Sets how many of the newest refused requests are kept, sealed. Default 0; in memory 100. */
  readonly refusals?: RefusalOptions | undefined
}

export interface RefusalOptions {
  readonly keep: number
  /** Limits how many of each code are kept a minute, so that a flood costs nothing. Default 10. */
  readonly perMinute?: number | undefined
}

const DAY_MS = 24 * 3600_000

const isKeep = (value: unknown) => Number.isInteger(value) && Number(value) >= 0

export const JOURNAL_RULES = {
  namespace: withDefault(TEXT, ''),
  keepMs: withDefault(ABOVE_0, 30 * DAY_MS),
  refusals: optional([
    '{ keep }, a whole number from 0 on',
    (value) => {
      const { keep, perMinute = 0 } = Object(value) as { keep?: unknown; perMinute?: unknown }
      return isKeep(keep) && isKeep(perMinute)
    },
  ]),
  // These are checked where they are used.
  sealingKeys: ANYTHING,
  plaintext: ANYTHING,
} as const

const STATES: readonly unknown[] = ['received', 'handled', 'failed', 'queued', 'dead']

const STATE: Check = [
  `one of ${STATES.join(', ')}, or a list of them`,
  (value) => [value].flat().every((state) => STATES.includes(state)),
]

const TIME: Check = [
  'a Date or milliseconds since 1970',
  (value) => Number.isFinite(value instanceof Date ? value.getTime() : value),
]

export const FILTER_RULES = {
  about: optional(TEXT),
  provider: optional(TEXT),
  account: optional(TEXT),
  type: optional(TEXT),
  state: optional(STATE),
  since: optional(TIME),
  until: optional(TIME),
} as const

const PAGE: Check = [
  'a whole number from 1 to 1,000',
  (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1_000,
]

export const QUERY_RULES = { ...FILTER_RULES, limit: withDefault(PAGE, 50), after: optional(TEXT) } as const

const MAX_HANDLER_MS = 15 * 60_000

const RUN_RULES = {
  maxHandlerMs: withDefault(ABOVE_0, MAX_HANDLER_MS),
  providers: optional(['a list of providers', Array.isArray]),
} as const

export const REPLAY_RULES = { ...RUN_RULES, onProgress: optional(FUNCTION) } as const

export const WORK_RULES = {
  ...RUN_RULES,
  attempts: withDefault(WHOLE, 10),
  concurrency: withDefault(WHOLE, 20),
  onError: withDefault(FUNCTION, warn),
  onOutcome: optional(FUNCTION),
  observer: optional([
    'an object with a method begin, e.g. traceDeliveries()',
    (value) => typeof (value as { begin?: unknown } | null)?.begin === 'function',
  ]),
} as const

function warn(error: unknown): void {
  process.emitWarning(`The worker of a journal cannot reach it: ${(error as Error | null)?.message}`, {
    code: 'MAILBOX_HOOKS_JOURNAL',
  })
}
