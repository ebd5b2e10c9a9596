import type { PrintedError } from '../redaction/printed-error.js'
import { harmless } from './harmless.js'
import { runObserved } from './observed-handler.js'
import type { DeliveryObserver, DeliveryStep, ObservedDelivery, TraceContext } from './observer.js'
import type { Outcome, OutcomeListener } from './outcome.js'

/** The listeners to the runs of a worker. */
export interface RunListeners {
  readonly onOutcome?: OutcomeListener | undefined
  readonly observer?: DeliveryObserver | undefined
}

/** The parts of an outcome that are known when a run begins. */
export type RunFacts = {
  readonly [Name in 'provider' | 'account' | 'id' | 'type' | 'name' | 'trust' | 'jobId' | 'attempt' | 'queuedMs']?:
    | Outcome[Name]
    | undefined
}

/** The end of a run. */
export interface RunEnd {
  readonly kind: 'handled' | 'failed' | 'dead' | 'duplicate'
  readonly code?: Outcome['code'] | undefined
  readonly settled?: boolean | undefined
  readonly handledBy?: 'nobody' | undefined
  /** Redacted. */
  readonly error?: PrintedError | undefined
}

/** Reports one run of a queued delivery in a worker: to the observer step by step, and its outcome once. */
export class RunReport {
  readonly #listeners: RunListeners
  readonly #observed: ObservedDelivery | undefined
  readonly #startedAt = performance.now()
  readonly #original: unknown

  /** `original` is the job as its queue knows it, for `onOutcome`. */
  constructor(listeners: RunListeners, trace: TraceContext | undefined, original?: unknown) {
    const { observer } = listeners
    this.#listeners = listeners
    this.#observed = observer && harmless(() => observer.begin({ trace }))
    this.#original = original
  }

  enter(step: DeliveryStep): void {
    harmless(() => this.#observed?.enter(step))
  }

  leave(): void {
    harmless(() => this.#observed?.leave())
  }

  run<T>(handler: () => T): T {
    return runObserved(this.#observed, handler)
  }

  /** Reports the outcome. Call it once. */
  end(facts: RunFacts, { error, ...end }: RunEnd): void {
    const { onOutcome } = this.#listeners
    if (onOutcome === undefined && this.#observed === undefined) return
    const { queuedMs } = facts
    const told = {
      ...facts,
      queuedMs: queuedMs === undefined ? undefined : Math.max(0, Math.round(queuedMs)),
      ...end,
      error,
    }
    const known = Object.entries(told).filter(([, value]) => value !== undefined)
    const durationMs = Math.round((performance.now() - this.#startedAt) * 10) / 10
    const outcome = { ...(Object.fromEntries(known) as RunFacts), kind: end.kind, status: 0, durationMs } as Outcome
    harmless(() => onOutcome?.(outcome, this.#original))
    harmless(() => this.#observed?.end(outcome))
  }
}
