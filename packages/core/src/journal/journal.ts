import type { Delivery } from '../delivery/delivery.js'
import type { RegisteredDelivery } from '../delivery/register.js'
import type { DiagnoseOptions } from '../diagnose/diagnose.js'
import type { Diagnosis } from '../diagnose/diagnosis.js'
import type { DispatchHandlers } from '../event/dispatch.js'
import type { Provider } from '../providers/provider.js'
import type { HandOff } from '../queue/hand-off.js'
import type { SecretsOption } from '../signature/secrets.js'
import type { Trust } from '../signature/trust.js'
import type { AttemptSource, EntryState } from './journal-store.js'

/** One attempt to handle an event, or one delivery of it that found it handled or in flight. */
export interface JournalAttempt {
  /** From 1. */
  readonly number: number
  /** When it ended. */
  readonly at: Date
  /** Who began it: a provider's delivery, `work`, or a replay. */
  readonly source: AttemptSource
  /** The outcome's kind, e.g. `handled`, `failed`, `duplicate`. `abandoned`: its process died, or it ran too long. */
  readonly kind: string
  /** The status that was answered; 0 where nobody was answered. */
  readonly status: number
  readonly code?: string
  readonly durationMs: number
  /** The handler's error, with the payload's credentials cut out. */
  readonly error?: { readonly name: string; readonly message: string }
}

/** What came, and what became of it. */
export interface JournalEntry {
  /** The id of the delivery, e.g. `openmail:evt_1`. */
  readonly id: string
  readonly provider: string
  readonly account?: string
  /** The type on the wire. */
  readonly type: string
  /** The type on the wire of an event that no schema knows. */
  readonly name?: string
  readonly entity?: string
  readonly trust: Trust
  readonly state: EntryState
  readonly firstReceivedAt: Date
  readonly lastReceivedAt: Date
  /** When `work` takes it, if it is not handled before. */
  readonly nextAttemptAt?: Date
  /** Oldest first: the first and the newest 20. */
  readonly attempts: readonly JournalAttempt[]
}

/** Which entries. All that is given must hold. */
export interface JournalFilter {
  /** An address, a domain, or an id of a mailbox, order, subscription, inbox or thread that the event is about. */
  readonly about?: string | undefined
  readonly provider?: string | undefined
  readonly account?: string | undefined
  readonly type?: string | undefined
  readonly state?: EntryState | readonly EntryState[] | undefined
  /** First received at or after this time. A number is milliseconds since 1970. */
  readonly since?: Date | number | undefined
  /** First received before this time. */
  readonly until?: Date | number | undefined
}

export interface JournalQuery extends JournalFilter {
  /** The most entries. Default 50, at most 1,000. */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

export interface JournalPage {
  /** The newest first. */
  readonly entries: readonly JournalEntry[]
  /** Pass it as `after` to get the next page; undefined on the last. */
  readonly next?: string
}

/** A function for each delivery, or one for each event type as `dispatch` takes them. */
export type JournalHandler<D extends Delivery = RegisteredDelivery> = ((delivery: D) => unknown) | DispatchHandlers<D>

export interface RunOptions {
  /** How long a handler may run, in milliseconds. Default 900,000 (15 minutes). */
  readonly maxHandlerMs?: number | undefined
  /**
   * Recognises each body anew by these providers, e.g. after an upgrade. Default: events are as they were recognised when
   * they came, and a payload that did not fit its schema is `unknown`.
   */
  readonly providers?: readonly Provider[] | undefined
}

export interface ReplayOptions extends RunOptions {
  /** Called after each entry. */
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined
}

export interface ReplayProgress extends ReplayResult {
  /** The entry that was run or skipped last. */
  readonly id: string
}

export interface ReplayResult {
  readonly handled: number
  readonly failed: number
  /** In flight elsewhere, not there, or sealed with a key that is not at hand. */
  readonly skipped: number
}

export interface WorkOptions extends RunOptions {
  /** How often `work` runs the handler for one event before it is `dead`. Default 10. */
  readonly attempts?: number | undefined
  /** How many handlers run at once in this process. Default 20. */
  readonly concurrency?: number | undefined
  /** Called when the journal's database fails; work goes on a second later. Default: a process warning. */
  readonly onError?: ((error: unknown) => void) | undefined
}

export interface JournalWorker {
  /**
   * Takes no more entries, and resolves when the handlers that run have ended, or after `withinMs` (default 30,000). Then
   * their signals abort, and their leases are left to end, so that another process takes them.
   */
  stop(options?: { readonly withinMs?: number | undefined }): Promise<void>
  /** Resolves when no handler runs and nothing is due. */
  idle(): Promise<void>
}

/** A request that was refused, as it was kept. */
export interface JournalRefusal {
  readonly id: string
  readonly at: Date
  /** Why, e.g. `signature_invalid`. */
  readonly code: string
  readonly provider?: string
  readonly method: string
  /** Without `authorization` and `cookie`. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined where the headers decided, or where it was too large to keep. */
  readonly body?: Uint8Array
}

export interface JournalStats {
  readonly providers: readonly {
    readonly provider: string
    readonly account?: string
    readonly lastReceivedAt: Date
    readonly states: Readonly<Record<EntryState, number>>
  }[]
}

/**
 * Keeps each authentic event and what became of it: to be found, opened, replayed and worked off.
 *
 * `sqliteJournal`, `postgresJournal` and `mysqlJournal` of `@mailbox-hooks/journal` keep it in your database,
 * `memoryJournal` keeps the newest entries in this process. All methods are bound.
 */
export interface Journal {
  /** Separates applications that share a database: every method keeps to its own. */
  readonly namespace: string
  /** Whether it lasts, and so decides what was handled. False for `memoryJournal`, which only records. */
  readonly isDurable: boolean

  /** Creates the tables where they are missing. Any number of processes may call it at once, at every start. */
  migrate(): Promise<void>

  /**
   * Finds entries, the newest first.
   *
   * @example
   * const { entries } = await journal.find({ about: 'john@x.com', type: 'mailbox.created' })
   */
  find(query?: JournalQuery): Promise<JournalPage>

  /** Returns the entry with this id; undefined when it is not there. */
  entry(id: string): Promise<JournalEntry | undefined>

  /**
   * Returns the delivery of an entry with its payload and `rawBody()`, to look at; undefined when it is not there.
   * Settling it does nothing. Rejects with a `SealError`, which names the key, when the key is not at hand.
   */
  open(id: string): Promise<RegisteredDelivery | undefined>

  /**
   * Runs the handler for entries one after the other, oldest first, and goes on after failures. Ids are taken in any
   * state that nobody is handling; a filter takes `failed` and `dead` entries unless it names a state.
   *
   * A handled event whose rerun fails stays handled.
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
   * Runs the handler for entries that are due: queued ones, those that a dead process left, and failed ones once the
   * provider's retries are over. A failure is tried again after 1 s × 2ⁿ, at most an hour, and is `dead` after `attempts`.
   *
   * @example
   * const worker = journal.work({ 'mailbox.created': async (delivery) => {} })
   * process.on('SIGTERM', () => worker.stop())
   */
  work<D extends Delivery = RegisteredDelivery>(handler: JournalHandler<D>, options?: WorkOptions): JournalWorker

  /**
   * Keeps each delivery for `work`, and answers at once.
   *
   * @example
   * webhooks({ providers, journal, handOff: journal.handOff })
   */
  readonly handOff: HandOff

  /** Returns the newest refusals that were kept. Default limit 100. */
  refusals(options?: { readonly limit?: number | undefined }): Promise<readonly JournalRefusal[]>

  /**
   * Explains why a kept refusal did not verify, by the secrets you pass. Undefined when it is not there. `provider` makes
   * the provider; default the built-in one whose headers it has.
   */
  diagnose(
    id: string,
    options: { readonly secrets: SecretsOption; readonly provider?: DiagnoseOptions['provider'] | undefined },
  ): Promise<Diagnosis | undefined>

  /** Deletes what is known of an id, or of all entries about an address or id. Resolves to how many there were. */
  erase(which: { readonly id: string } | { readonly about: string }): Promise<number>

  /** Deletes entries older than `keepMs`, at most `limit` (default 10,000). Resolves to how many. */
  purge(options?: { readonly limit?: number | undefined }): Promise<number>

  /** Counts entries by provider and state, and tells when each provider was last heard of. */
  stats(): Promise<JournalStats>

  /**
   * Makes a ticket: the value of the header `x-mailbox-hooks-replay` with which a receiver of this journal runs the entry
   * again. It holds for 60 seconds and for one run. Rejects where there is no such entry.
   */
  ticket(id: string): Promise<string>
}
