import type {
  Delivery,
  DeliveryObserver,
  HandOffTerms,
  Outcome,
  ReceiverOptions,
  TraceContext,
} from '@mailbox-hooks/core'
import {
  deliveryPacker,
  type QueuedHandlers,
  type QueuedJob,
  queuedHandler,
  type WorkerOptions,
} from '@mailbox-hooks/core/queue'
import { mail, setUp } from '../journal/journaled.js'

export const SEALING = { sealingKeys: [new Uint8Array(32).fill(7)] }

export interface PackedJob {
  readonly packed: unknown
  readonly terms: HandOffTerms
}

/** A queue in memory, and the receiver in front of it. */
export function openQueue(options: Partial<ReceiverOptions> = {}) {
  const pack = deliveryPacker('test', SEALING)
  const jobs: PackedJob[] = []
  const handOff = async (delivery: Delivery, terms: HandOffTerms) => {
    if (jobs.some((job) => job.terms.jobId === terms.jobId)) return
    // As JSON, which is how it lies in a queue.
    jobs.push({ packed: JSON.parse(JSON.stringify(pack(delivery, terms))), terms })
  }
  const { deliver, outcomes } = setUp({ handOff, ...options })
  return { jobs, outcomes, send: (id = 'evt_1', payload: object = {}) => deliver(mail(id, payload)) }
}

/** A worker whose outcomes are kept, with the job that each was reported for. */
export function startWorker(handlers: QueuedHandlers<Delivery>, options: WorkerOptions = {}) {
  const outcomes: Outcome[] = []
  const originals: unknown[] = []
  const onOutcome = (outcome: Outcome, original: unknown) => {
    outcomes.push(outcome)
    originals.push(original)
  }
  const handle = queuedHandler<Delivery>('test', handlers, { ...SEALING, onOutcome, ...options })
  const run = (packed: unknown, job: QueuedJob = {}) =>
    handle(packed, job).then(
      () => 'done',
      (error: Error) => error,
    )
  return { run, outcomes, originals, idle: handle.idle }
}

/** An observer that notes the steps, and begins below a fixed place. */
export function notingObserver(place: TraceContext | undefined, steps: string[] = []): DeliveryObserver {
  return {
    begin(run) {
      steps.push(run === undefined ? 'begin' : `begin below ${run.trace?.traceparent}`)
      return {
        enter: (step) => steps.push(step),
        leave: () => steps.push('leave'),
        run: (handler) => handler(),
        end: ({ kind }) => steps.push(kind),
        trace: () => place,
      }
    },
  }
}
