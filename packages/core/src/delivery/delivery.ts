import type { AnyEvent, KnownEvent, UnknownEvent } from '../event/event.js'
import type { Provider } from '../providers/provider.js'
import type { Trust } from '../signature/trust.js'
import type { CompleteOptions } from '../stores/dedup-store.js'

/** A verified delivery of an event. */
export interface Delivery<Name extends string = string, Event = AnyEvent> {
  /** The deduplication key: the provider and its id of the event, e.g. `openmail:evt_1`. */
  readonly id: string
  readonly provider: Name
  /** The option `account` of the provider, if set. */
  readonly account?: string | undefined
  readonly event: Event
  /** What the signature covers. With `'sender'` the body is not proven, so ask the provider before you act on it. */
  readonly trust: Trust
  /** The time of this attempt as the provider gives it, otherwise the time of receipt. */
  readonly sentAt: Date
  readonly receivedAt: Date
  /** The number of this attempt, from 1, if the provider gives it. */
  readonly attempt?: number | undefined
  /**
   * Whether a newer event of the same entity was already handled. Undefined without `ordering: true`, and if the provider
   * gives no time.
   */
  readonly stale?: boolean | undefined
  /** True in a run that a replay caused, and not the provider. */
  readonly replayed?: true
  /** Aborts once the handler has run for `maxHandlerMs`, or its lease was lost. */
  readonly signal: AbortSignal
  /**
   * Marks the event as handled before the handler ends. The handler's answer then no longer matters. Resolves to false if
   * the claim was lost. The first `complete()` or `release()` decides.
   *
   * With `within`, the mark is written in your SQL transaction, and the commit decides instead of the answer: a 2xx without
   * a commit becomes a 503. It throws if the claim was lost, or never made (`handleWhenStoreIsDown`), so that the
   * transaction rolls back. A second call in the same transaction changes nothing. If you retry the transaction, call it
   * again: it throws if the first one was committed after all. In a `REPEATABLE READ` or `SERIALIZABLE` transaction,
   * call it first.
   *
   * @example
   * await client.query('BEGIN')
   * await delivery.complete({ within: client })
   * await client.query('COMMIT')
   */
  complete(options?: CompleteOptions): Promise<boolean>
  /**
   * Releases the event, so that its next delivery is handled. Resolves to false if the claim was lost.
   *
   * Also answer with an error, because the provider does not retry after a 2xx.
   */
  release(): Promise<boolean>
  /** Returns the bytes of the body as received. */
  rawBody(): Uint8Array
}

/** The delivery type of a provider, or of a union of providers. */
export type DeliveryOf<P> =
  P extends Provider<infer Name, infer Events>
    ? unknown extends Events
      ? Delivery<Name>
      : DeliveryFrom<Name, Events>
    : never

/** A delivery from one provider. `Events` maps each event type of the provider to its payload, e.g. `OpenMailEvents`. */
export interface DeliveryFrom<Name extends string, Events> extends Delivery<Name, KnownEvent<Events> | UnknownEvent> {}
