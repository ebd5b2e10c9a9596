import type { Delivery } from '../delivery/delivery.js'
import type { RegisteredDelivery } from '../delivery/register.js'
import type { DiagnoseOptions } from '../diagnose/diagnose.js'
import type { Diagnosis } from '../diagnose/diagnosis.js'
import type { HandOff } from '../queue/hand-off.js'
import type { SecretsOption } from '../signature/secrets.js'
import type { JournalArrival } from './arrival.js'
import type { EntryState } from './journal-store.js'
import type {
  JournalChange,
  JournalEntry,
  JournalFilter,
  JournalHandler,
  JournalPage,
  JournalQuery,
  JournalRefusal,
  JournalStats,
  JournalWorker,
  ReplayOptions,
  ReplayResult,
  WorkOptions,
} from './journal-types.js'

export type * from './journal-types.js'

/**
 * Stores each authentic event with its attempts, so that you can find, open and replay it, and handle it later.
 *
 * `sqliteJournal`, `postgresJournal` and `mysqlJournal` of `@mailbox-hooks/journal` store it in your database.
 * `memoryJournal` keeps the newest entries in this process. All methods are bound.
 */
export interface Journal {
  /** Separates applications that share a database. Every method sees only its own namespace. */
  readonly namespace: string
  /** Whether the journal is durable, and so decides which events are handled. False for `memoryJournal`, which only records. */
  readonly isDurable: boolean

  /** Creates missing tables. Call it at every start; any number of processes may call it at once. */
  migrate(): Promise<void>

  /**
   * Returns entries, newest first.
   *
   * @example
   * const { entries } = await journal.find({ about: 'john@x.com', type: 'mailbox.created' })
   */
  find(query?: JournalQuery): Promise<JournalPage>

  /** Returns the entry with this id, or undefined. Rejects with a `SealError`, which names the key, if the key is missing. */
  entry(id: string): Promise<JournalEntry | undefined>

  /**
   * Returns the delivery of an entry with its payload and `rawBody()`, or undefined. Its `complete()` and `release()` do
   * nothing. Rejects with a `SealError`, which names the key, if the key is missing.
   */
  open(id: string): Promise<RegisteredDelivery | undefined>

  /**
   * Runs the handler for entries one after the other, oldest first, and continues after failures. Entries named by id run in
   * any state, unless they are in flight. A filter selects `failed` and `dead` entries unless it names a state.
   *
   * If the replay of a handled event fails, the event stays handled.
   *
   * @example
   * await journal.replay({ state: 'failed', since: lastNight }, async (delivery) => {})
   */
  replay<D extends Delivery = RegisteredDelivery>(
    which: JournalFilter | readonly string[],
    handler: JournalHandler<D>,
    options?: ReplayOptions,
  ): Promise<ReplayResult>

  /**
   * Runs the handler for due entries: queued ones, those of a dead process, and failed ones once the provider's retries are
   * over. A failure is retried after 1 s × 2ⁿ, at most an hour, and is `dead` after `attempts`.
   *
   * @example
   * const worker = journal.work({ 'mailbox.created': async (delivery) => {} })
   * process.on('SIGTERM', () => worker.stop())
   */
  work<D extends Delivery = RegisteredDelivery>(handler: JournalHandler<D>, options?: WorkOptions): JournalWorker

  /**
   * Queues each delivery for `work`, and answers at once.
   *
   * @example
   * webhooks({ providers, journal, handOff: journal.handOff })
   */
  readonly handOff: HandOff

  /** Returns the newest refusals, without those that cannot be opened. Default limit 100. */
  refusals(options?: { readonly limit?: number | undefined }): Promise<readonly JournalRefusal[]>

  /**
   * Explains why a kept refusal did not verify. Undefined if it does not exist, or if nothing is known of its provider.
   * Rejects with a `SealError` if it was sealed with a missing key.
   * Without `secrets`, it uses those of the receivers in this process that write into this journal. `provider` creates the
   * provider. Default: the one whose headers the request has.
   */
  diagnose(
    id: string,
    options?: {
      readonly secrets?: SecretsOption | undefined
      readonly provider?: DiagnoseOptions['provider'] | undefined
    },
  ): Promise<Diagnosis | undefined>

  /**
   * Returns how each kept attempt of an entry arrived, oldest first, or how a refusal did. Empty if the id is unknown. A
   * journal in a database has the bytes of the first delivery, and no steps. Rejects with a `SealError` if a key is missing.
   */
  arrivals(id: string): Promise<readonly JournalArrival[]>

  /**
   * Calls the listener after each change. Returns a function that ends this. Errors of the listener are ignored. Only
   * `memoryJournal` has it, because a database does not tell of changes.
   *
   * @example
   * const end = journal.watch?.(async (change) => console.log(await change.read()))
   */
  watch?(listener: (change: JournalChange) => void): () => void

  /** Deletes the entry with an id, or all entries about an address or id. Resolves to the number of deleted entries. */
  erase(which: { readonly id: string } | { readonly about: string }): Promise<number>

  /** Deletes entries older than `keepMs`, at most `limit` (default 10,000). Resolves to their number. */
  purge(options?: { readonly limit?: number | undefined }): Promise<number>

  /** Counts entries by provider and state, with the time of each provider's last delivery. */
  stats(): Promise<JournalStats>

  /**
   * Creates a ticket: the value of the header `x-mailbox-hooks-replay`, with which a receiver of this journal replays the
   * entry. It is valid for 60 seconds and for one run. Rejects if the entry does not exist, or is in none of the given
   * states: one that a search has found as failed may have been handled since.
   */
  ticket(id: string, options?: { readonly state?: EntryState | readonly EntryState[] | undefined }): Promise<string>
}
