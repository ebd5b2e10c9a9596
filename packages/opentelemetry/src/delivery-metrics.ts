import type { Outcome } from '@mailbox-hooks/core'
import type { Counter, Histogram, Meter } from '@opentelemetry/api'
import { commonAttributes } from './attributes.js'

/** The buckets that the conventions define for `messaging.process.duration`. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** Buckets from the latency of the network to the last retries of the providers. */
const AGE_BUCKETS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600]

export class DeliveryMetrics {
  readonly #deliveries: Counter
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
  }

  /** Records an outcome. `handlerMs` is undefined if no handler has ended. */
  record(outcome: Outcome, handlerMs: number | undefined): void {
    const attributes = commonAttributes(outcome)
    this.#deliveries.add(1, attributes)
    if (handlerMs !== undefined) this.#handlerTime.record(handlerMs / 1000, attributes)
    const { ageMs, trust } = outcome
    // Skip forgeries, whose age means nothing. A slow clock must not record a negative age.
    if (ageMs !== undefined && trust !== undefined) this.#age.record(Math.max(0, ageMs) / 1000, attributes)
  }
}
