import type { Outcome } from './outcome.js'

/**
 * A step of a delivery, or of a run in a worker. A delivery may end before the last step: a forgery ends in `verify`, a
 * duplicate in `claim`.
 */
export type DeliveryStep = 'verify' | 'claim' | 'handler' | 'hand-off'

/** Names a place in a trace, as the headers of W3C Trace Context do. */
export interface TraceContext {
  /** For example `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. */
  readonly traceparent: string
  readonly tracestate?: string | undefined
}

/** A run of a queued delivery in a worker. */
export interface WorkerRun {
  /** The place in the receiver's trace where the delivery was queued. Undefined if the receiver made none. */
  readonly trace?: TraceContext | undefined
}

/** Follows deliveries step by step, for tracing. Its errors are ignored. */
export interface DeliveryObserver {
  /** Called when a request arrives. In a worker it is called with `run`, when the run of a queued delivery begins. */
  begin(run?: WorkerRun): ObservedDelivery
}

/** Follows one delivery, or one run in a worker. */
export interface ObservedDelivery {
  /** Called when a step begins. */
  enter(step: DeliveryStep): void
  /** Called when the latest step ends. Not called if the delivery ends during the step. */
  leave(): void
  /** Calls the handler and returns its result. Use it to run the handler inside a context, e.g. that of a span. */
  run<T>(handler: () => T): T
  /** Called once, with the outcome. The handler of an abandoned delivery still runs. */
  end(outcome: Outcome): void
  /** Returns the current place in the trace. It travels with a queued delivery, so that the worker continues the trace. */
  trace?(): TraceContext | undefined
}
