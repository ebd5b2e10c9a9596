import type { Outcome } from './outcome.js'

/**
 * The steps of a delivery that take time of their own. Not every delivery comes to each of them: a forgery ends in
 * `verify`, a duplicate in `claim`.
 */
export type DeliveryStep = 'verify' | 'claim' | 'handler' | 'hand-off'

/** Follows deliveries step by step: what tracing needs beyond `onOutcome`. What it throws is ignored. */
export interface DeliveryObserver {
  /** A request has come in. */
  begin(): ObservedDelivery
}

/** One delivery on its way. */
export interface ObservedDelivery {
  /** A step begins. */
  enter(step: DeliveryStep): void
  /** The step that began last has ended. Not called when the delivery ends in the middle of it. */
  leave(): void
  /** Calls the handler and returns what it returns: for what is to be around it, e.g. the context of a span. */
  run<T>(handler: () => T): T
  /** What became of the delivery, once. The handler of an abandoned one still runs. */
  end(outcome: Outcome): void
}
