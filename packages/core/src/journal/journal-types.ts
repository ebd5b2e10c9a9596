import type { Delivery } from '../delivery/delivery.js'
import type { RegisteredDelivery } from '../delivery/register.js'
import type { DispatchHandlers } from '../event/dispatch.js'
import type { DeliveryObserver } from '../outcome/observer.js'
import type { OutcomeListener } from '../outcome/outcome.js'
import type { Provider } from '../providers/provider.js'
import type { Trust } from '../signature/trust.js'
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
