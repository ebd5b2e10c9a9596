import type { Delivery } from '../delivery/delivery.js'
import type { RegisteredDelivery } from '../delivery/register.js'
import type { DiagnoseOptions } from '../diagnose/diagnose.js'
import type { Diagnosis } from '../diagnose/diagnosis.js'
import type { DispatchHandlers } from '../event/dispatch.js'
import type { DeliveryObserver } from '../outcome/observer.js'
import type { OutcomeListener } from '../outcome/outcome.js'
import type { Provider } from '../providers/provider.js'
import type { HandOff } from '../queue/hand-off.js'
import type { SecretsOption } from '../signature/secrets.js'
import type { Trust } from '../signature/trust.js'
import type { JournalArrival } from './arrival.js'
import type { AttemptSource, EntryState } from './journal-store.js'

/** An attempt to handle an event, or a delivery that found it handled or in flight. */
export interface JournalAttempt {
  /** The number of the attempt, from 1. */
  readonly number: number
  /** The time at which it ended. */
  readonly at: Date
  /** The source of the attempt: a provider's delivery, `work`, or a replay. */
  readonly source: AttemptSource
  /** The kind of its outcome, e.g. `handled`, `failed`, `duplicate`. `abandoned` if its process died, or it ran too long. */
  readonly kind: string
  /** The answered status. 0 if there was no answer. */
  readonly status: number
  readonly code?: string
  readonly durationMs: number
  /** The handler's error, with the payload's credentials removed. */
  readonly error?: { readonly name: string; readonly message: string }
}

/** An event in a journal, with its attempts. */
export interface JournalEntry {
  /** The id of the delivery, e.g. `openmail:evt_1`. */
  readonly id: string
  readonly provider: string
  readonly account?: string
  /** The event type. */
  readonly type: string
  /** The type of an unknown event as the provider sent it. */
  readonly name?: string
  readonly entity?: string
  readonly trust: Trust
  readonly state: EntryState
  readonly firstReceivedAt: Date
  readonly lastReceivedAt: Date
  /** The time at which `work` takes it, unless it is handled before. */
  readonly nextAttemptAt?: Date
  /** The attempts, oldest first: the first one and the newest 20. */
  readonly attempts: readonly JournalAttempt[]
}

/** Selects entries. All given conditions must hold. */
export interface JournalFilter {
  /** Names what the event is about: an address, a domain, or an id of a mailbox, order, subscription, inbox or thread. */
  readonly about?: string | undefined
  readonly provider?: string | undefined
  readonly account?: string | undefined
  readonly type?: string | undefined
  readonly state?: EntryState | readonly EntryState[] | undefined
  /** Selects entries first received at or after this time. A number is milliseconds since 1970. */
  readonly since?: Date | number | undefined
  /** Selects entries first received before this time. */
  readonly until?: Date | number | undefined
}

export interface JournalQuery extends JournalFilter {
  /** Limits the number of entries. Default 50, at most 1,000. */
  readonly limit?: number | undefined
  /** Continues after a page: the `next` of that page. */
  readonly after?: string | undefined
}

export interface JournalPage {
  /** The entries, newest first. */
  readonly entries: readonly JournalEntry[]
  /**
   * Counts the entries of this page that cannot be opened, by the reason, which names the missing sealing key. Undefined
   * if all were opened.
   */
  readonly unreadable?: readonly { readonly reason: string; readonly count: number }[]
  /** Pass it as `after` to get the next page. Undefined on the last page. */
  readonly next?: string
}

/** A function for all deliveries, or functions by event type as for `dispatch`. */
export type JournalHandler<D extends Delivery = RegisteredDelivery> = ((delivery: D) => unknown) | DispatchHandlers<D>

export interface RunOptions {
  /** Sets how long a handler may run, in milliseconds. Default 900,000 (15 minutes). */
  readonly maxHandlerMs?: number | undefined
  /**
   * Recognises each body again with these providers, e.g. after an upgrade. Default: events are as recognised at the
   * receipt, and a payload that did not match its schema is `unknown`.
   */
  readonly providers?: readonly Provider[] | undefined
}

export interface ReplayOptions extends RunOptions {
  /** Called after each entry. */
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined
}

export interface ReplayProgress extends ReplayResult {
  /** The entry that was run or skipped. */
  readonly id: string
}

export interface ReplayResult {
  readonly handled: number
  readonly failed: number
  /** Entries that are in flight elsewhere, missing, or sealed with a missing key. */
  readonly skipped: number
}

export interface WorkOptions extends RunOptions {
  /** Sets how often `work` runs the handler for an event before it is `dead`. Default 10. */
  readonly attempts?: number | undefined
  /** Sets how many handlers run in parallel in this process. Default 20. */
  readonly concurrency?: number | undefined
  /** Called when the journal's database fails. Work continues a second later. Default: a process warning. */
  readonly onError?: ((error: unknown) => void) | undefined
  /**
   * Receives one outcome for each run: `handled`, `failed`, or `dead` after the last attempt. Its errors and rejections are
   * ignored. Default none.
   */
  readonly onOutcome?: OutcomeListener | undefined
  /** Follows each run, and continues the receiver's trace, e.g. `traceDeliveries()`. Default none. */
  readonly observer?: DeliveryObserver | undefined
}

export interface JournalWorker {
  /**
   * Stops taking entries. Resolves once the running handlers have ended, or after `withinMs` (default 30,000). Their signals
   * then abort, and their leases end, so that another process takes the entries.
   */
  stop(options?: { readonly withinMs?: number | undefined }): Promise<void>
  /** Resolves once no handler runs and nothing is due. */
  idle(): Promise<void>
}

/** A refused request that the journal kept. */
export interface JournalRefusal {
  readonly id: string
  readonly at: Date
  /** The reason, e.g. `signature_invalid`. */
  readonly code: string
  readonly provider?: string
  readonly method: string
  /** The headers, without `authorization` and `cookie`. */
  readonly headers: Readonly<Record<string, string>>
  /** The body. Undefined if the headers decided, or if it was too large to keep. */
  readonly body?: Uint8Array
}

/** A change of an entry or of the refusals. */
export type JournalChange = {
  /** The same for all changes of one entry, or of one refusal. */
  readonly key: string
} & (
  | { readonly kind: 'entry' /** Returns the entry as it is now. */; read(): Promise<JournalEntry | undefined> }
  | { readonly kind: 'refusal' /** Returns the refusal. */; read(): Promise<JournalRefusal | undefined> }
)

export interface JournalStats {
  readonly providers: readonly {
    readonly provider: string
    readonly account?: string
    readonly lastReceivedAt: Date
    readonly states: Readonly<Record<EntryState, number>>
  }[]
}

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
