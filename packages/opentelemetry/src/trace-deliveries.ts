import type {
  DeliveryObserver,
  DeliveryStep,
  ObservedDelivery,
  Outcome,
  TraceContext,
  WorkerRun,
} from '@mailbox-hooks/core'
import {
  type Context,
  context,
  type MeterProvider,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { attributesOf, NAME, PROCESS } from './attributes.js'
import { DeliveryMetrics } from './delivery-metrics.js'
import { readTrace, writeTrace } from './trace-context.js'

export interface TraceDeliveriesOptions {
  /** Provides the tracer. Default the global provider. */
  readonly tracerProvider?: TracerProvider | undefined
  /** Provides the meter. Default the global provider. */
  readonly meterProvider?: MeterProvider | undefined
}

/**
 * Creates an `observer` that makes a span for each delivery, with children for its steps (`verify`, `claim`, and `handler`
 * or `hand-off`). Spans of a handler are children of its step. In a worker it makes a span for each run of a queued delivery,
 * below the receiver's `hand-off`, with the steps `claim` and `handler`.
 *
 * It also makes these metrics:
 * - `mailbox_hooks.deliveries` counts deliveries by outcome and code.
 * - `mailbox_hooks.delivery.age` measures the age of deliveries at their receipt.
 * - `messaging.process.duration` measures how long handlers run, in receivers and workers.
 * - `mailbox_hooks.runs` counts the runs of workers by outcome.
 * - `mailbox_hooks.run.queue_time` measures how long deliveries were in the queue when a run began.
 * - `mailbox_hooks.run.attempts` measures how many runs a job took until it was handled or dead.
 *
 * Names and attributes follow the semantic conventions of messaging and HTTP. They contain no body, credential or
 * signature.
 *
 * Throws a `TypeError` for an option that does not exist.
 *
 * @example
 * webhooks({ providers, observer: traceDeliveries() })
 */
export function traceDeliveries(options: TraceDeliveriesOptions = {}): DeliveryObserver {
  checkNames(options)
  const tracer = (options.tracerProvider ?? trace).getTracer(NAME)
  const measures = new DeliveryMetrics((options.meterProvider ?? metrics).getMeter(NAME))
  return { begin: (run) => new TracedDelivery(tracer, measures, run) }
}

const OPTIONS = ['tracerProvider', 'meterProvider']

function checkNames(options: TraceDeliveriesOptions): void {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`traceDeliveries: there is no option ${unknown}; there are ${OPTIONS.join(', ')}`)
}

class TracedDelivery implements ObservedDelivery {
  readonly #tracer: Tracer
  readonly #metrics: DeliveryMetrics
  readonly #span: Span
  readonly #context: Context
  #step: { readonly name: DeliveryStep; readonly span: Span; readonly startedAt: number } | undefined
  #handlerMs: number | undefined
  readonly #isRun: boolean

  constructor(tracer: Tracer, measures: DeliveryMetrics, run: WorkerRun | undefined) {
    this.#tracer = tracer
    this.#metrics = measures
    this.#isRun = run !== undefined
    const parent = readTrace(context.active(), run?.trace)
    // The provider is not known yet.
    this.#span = tracer.startSpan(`${PROCESS} webhook`, { kind: SpanKind.CONSUMER }, parent)
    this.#context = trace.setSpan(parent, this.#span)
  }

  trace(): TraceContext | undefined {
    return writeTrace((this.#step?.span ?? this.#span).spanContext())
  }

  enter(name: DeliveryStep): void {
    this.leave()
    const span = this.#tracer.startSpan(name, {}, this.#context)
    this.#step = { name, span, startedAt: performance.now() }
  }

  leave(): void {
    if (this.#step === undefined) return
    const { name, span, startedAt } = this.#step
    this.#step = undefined
    span.end()
    if (name === 'handler') this.#handlerMs = performance.now() - startedAt
  }

  run<T>(handler: () => T): T {
    const span = this.#step?.span
    return span === undefined ? handler() : context.with(trace.setSpan(this.#context, span), handler)
  }

  end(outcome: Outcome): void {
    if (isFault(outcome)) {
      for (const span of [this.#step?.span, this.#span]) span?.setStatus({ code: SpanStatusCode.ERROR })
    }
    this.leave()
    if (outcome.provider !== undefined) this.#span.updateName(`${PROCESS} ${outcome.provider}`)
    this.#span.setAttributes(attributesOf(outcome))
    this.#span.end()
    this.#metrics.record(outcome, this.#handlerMs, this.#isRun)
  }
}

/** Returns whether the span is an error. A fault of the sender is not an error of the server's span. */
const isFault = ({ kind, status }: Outcome) => FAULTS.has(kind) || status >= 500

/** A receiver's failed delivery has a status. A worker's has none. */
const FAULTS: ReadonlySet<Outcome['kind']> = new Set(['abandoned', 'dead', 'failed'])
