import type { AnyEvent, KnownEvent, UnknownEvent } from '../event/event.js'
import type { Provider } from '../providers/provider.js'
import type { Trust } from '../signature/signature.js'
import type { CompleteOptions } from '../stores/dedup-store.js'

/** One verified delivery of an event. */
export interface Delivery<Name extends string = string, Event = AnyEvent> {
  /** The deduplication key: the provider, then its own id of the event, e.g. `openmail:evt_1`. */
  readonly id: string
  readonly provider: Name
  /** The provider's `account`, where one is configured. */
  readonly account?: string | undefined
  readonly event: Event
  /** What the signature covers. `'sender'`: the body is not proven, ask the provider before acting on it. */
  readonly trust: Trust
  /** When the provider says it sent this attempt; the time of receipt for a provider that does not say. */
  readonly sentAt: Date
  readonly receivedAt: Date
  /** The number of this attempt, from 1, where the provider says. */
  readonly attempt?: number | undefined
  /**
   * With `ordering: true`: whether a newer event about the same entity has been handled already. Undefined where the
   * provider gives no time.
   */
  readonly stale?: boolean | undefined
  /** Aborts when the handler has run for `maxHandlerMs`, or when its lease was lost. */
  readonly signal: AbortSignal
  /**
   * Marks the event as handled before the handler ends; whatever is answered afterwards, it is not handled again.
   * Resolves to false when the claim was lost. The first `complete()` or `release()` decides.
   *
   * With `within`, a transaction of a SQL store, the mark becomes true when the transaction commits, and decides then,
   * whatever is answered: a 2xx without it becomes a 503. It throws when the claim was lost, or never made because the
   * store is down (`handleWhenStoreIsDown`), so that the transaction rolls back. A transaction that is tried again needs
   * it again. One that sees a single snapshot (`REPEATABLE READ`, `SERIALIZABLE`) must call it first.
   */
  complete(options?: CompleteOptions): Promise<boolean>
  /**
   * Gives the event back: its next delivery is handled. Resolves to false when the claim was lost.
   *
   * Answer an error, too: to a 2xx there is no next delivery.
   */
  release(): Promise<boolean>
  /** The bytes of the body as received. */
  rawBody(): Uint8Array
}

/** The delivery of a provider, or of any of several. */
export type DeliveryOf<P> =
  P extends Provider<infer Name, infer Events> ? Delivery<Name, KnownEvent<Events> | UnknownEvent> : never
