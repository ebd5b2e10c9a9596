import type { Outcome } from '@mailbox-hooks/core'
import type { Counter, Histogram, Meter } from '@opentelemetry/api'
import { commonAttributes } from './attributes.js'

/** The buckets that the conventions define for `messaging.process.duration`. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** Buckets from the latency of the network to the last retries of the providers. */
const AGE_BUCKETS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600]

/** Buckets from a queue that is empty to one whose workers stood still for a day. */
const QUEUE_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400]

const ATTEMPT_BUCKETS = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20]

export class DeliveryMetrics {
  readonly #deliveries: Counter
  readonly #runs: Counter
  readonly #queueTime: Histogram
  readonly #attempts: Histogram
  readonly #handlerTime: Histogram
  readonly #age: Histogram

  constructor(meter: Meter) {
    this.#deliveries = meter.createCounter('mailbox_hooks.deliveries', {
      unit: '{delivery}',
      description: 'Deliveries by what became of them',
    })
    this.#handlerTime = meter.createHistogram('messaging.process.duration', {
      unit: 's',
      description: 'How long handlers ran',
      advice: { explicitBucketBoundaries: DURATION_BUCKETS },
    })
    this.#age = meter.createHistogram('mailbox_hooks.delivery.age', {
      unit: 's',
      description: 'How long before their receipt authentic deliveries were sent',
      advice: { explicitBucketBoundaries: AGE_BUCKETS },
    })
    this.#runs = meter.createCounter('mailbox_hooks.runs', {
      unit: '{run}',
      description: 'Runs of queued deliveries by what became of them',
    })
    this.#queueTime = meter.createHistogram('mailbox_hooks.run.queue_time', {
      unit: 's',
      description: 'How long before a run its delivery was put into the queue',
      advice: { explicitBucketBoundaries: QUEUE_BUCKETS },
    })
    this.#attempts = meter.createHistogram('mailbox_hooks.run.attempts', {
      unit: '{run}',
      description: 'How many runs a job took until it was handled or dead',
      advice: { explicitBucketBoundaries: ATTEMPT_BUCKETS },
    })
  }

  /** Records an outcome of a receiver or a worker. `handlerMs` is undefined if no handler has ended. */
  record(outcome: Outcome, handlerMs: number | undefined, isRun: boolean): void {
    const attributes = commonAttributes(outcome)
    if (handlerMs !== undefined) this.#handlerTime.record(handlerMs / 1000, attributes)
    const { ageMs, trust, queuedMs, attempt, kind } = outcome
    if (isRun) {
      this.#runs.add(1, attributes)
      if (queuedMs !== undefined) this.#queueTime.record(queuedMs / 1000, attributes)
      if (attempt !== undefined && (kind === 'handled' || kind === 'dead')) this.#attempts.record(attempt, attributes)
      return
    }
    this.#deliveries.add(1, attributes)
    // Skip forgeries, whose age means nothing. A slow clock must not record a negative age.
    if (ageMs !== undefined && trust !== undefined) this.#age.record(Math.max(0, ageMs) / 1000, attributes)
  }
}
