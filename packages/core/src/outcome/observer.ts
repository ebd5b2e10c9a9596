import type { Outcome } from './outcome.js'

/** A step of a delivery. A delivery may end before the last step: a forgery ends in `verify`, a duplicate in `claim`. */
export type DeliveryStep = 'verify' | 'claim' | 'handler' | 'hand-off'

/** Follows deliveries step by step, for tracing. Its errors are ignored. */
export interface DeliveryObserver {
  /** Called when a request arrives. */
  begin(): ObservedDelivery
}

/** Follows one delivery. */
export interface ObservedDelivery {
  /** Called when a step begins. */
  enter(step: DeliveryStep): void
  /** Called when the latest step ends. Not called if the delivery ends during the step. */
  leave(): void
  /** Calls the handler and returns its result. Use it to run the handler inside a context, e.g. that of a span. */
  run<T>(handler: () => T): T
  /** Called once, with the outcome. The handler of an abandoned delivery still runs. */
  end(outcome: Outcome): void
}
