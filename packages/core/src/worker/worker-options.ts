import type { Journal } from '../journal/journal.js'
import type { RecordedJournal } from '../journal/recorded-journal.js'
import { isRecordedJournal } from '../journal/recorded-journal.js'
import { ANYTHING, FUNCTION, optional, type Rule, readOptions } from '../options/option-rules.js'
import type { DeliveryObserver } from '../outcome/observer.js'
import type { OutcomeListener } from '../outcome/outcome.js'
import type { SealingOptions } from '../queue/sealing-keys.js'
import type { DedupStore } from '../stores/dedup-store.js'

/** The options of every worker of a queue. */
export interface WorkerOptions extends SealingOptions {
  /**
   * Receives one outcome for each run of a job: `handled`, `failed`, `dead` if the queue does not retry, or `duplicate` if
   * the event was handled before. The second argument is the job. Its errors and rejections are ignored. Default none.
   */
  readonly onOutcome?: OutcomeListener | undefined
  /** Follows each run, and continues the receiver's trace, e.g. `traceDeliveries()`. Default none. */
  readonly observer?: DeliveryObserver | undefined
  /**
   * Writes each run into the event's entry: its state, and an attempt with the source `retry`. Give it the journal of the
   * receiver. A durable journal also decides: an event that it knows as handled is not handled again. While it is down, runs
   * fail before their handler, and the queue retries them. Default none.
   */
  readonly journal?: Journal | undefined
  /**
   * Remembers which jobs were handled, for 30 days. A job that runs again after its handler succeeded is then not handled
   * again. A SQL store of the handler's own database also serves `delivery.complete({ within })`. Default none.
   */
  readonly store?: DedupStore | undefined
}

/** The options, checked. */
export type WorkerSettings = Omit<WorkerOptions, 'journal'> & { readonly journal?: RecordedJournal | undefined }

/** The names of the options of every worker. */
export const WORKER_OPTIONS = ['sealingKeys', 'plaintext', 'onOutcome', 'observer', 'journal', 'store'] as const

const METHODS = ['claim', 'complete', 'release', 'extend'] as const

const RULES: Readonly<Record<(typeof WORKER_OPTIONS)[number], Rule>> = {
  // These are checked where they are used.
  sealingKeys: ANYTHING,
  plaintext: ANYTHING,
  onOutcome: optional(FUNCTION),
  observer: optional([
    'an object with a method begin, e.g. traceDeliveries()',
    (value) => typeof (value as Partial<DeliveryObserver> | null)?.begin === 'function',
  ]),
  journal: optional(['a journal, e.g. postgresJournal(pool, options)', isRecordedJournal]),
  store: optional([
    'a store, e.g. postgresStore(pool)',
    (value) => METHODS.every((name) => typeof (value as Partial<DedupStore> | null)?.[name] === 'function'),
  ]),
}

/** Checks the options. Throws a `TypeError`, which begins with `owner`, for a wrong one. */
export const checkWorkerOptions = (owner: string, options: WorkerOptions): WorkerSettings =>
  readOptions<WorkerSettings>(owner, options, RULES)
