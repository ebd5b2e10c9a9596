import type { Delivery } from '../delivery/delivery.js'
import type { RegisteredDelivery } from '../delivery/register.js'
import type { DispatchHandlers } from '../event/dispatch.js'
import type { Queued } from '../queue/queued-delivery.js'
import { type AnyHandlers, JobRunner } from './job-runner.js'
import type { QueuedJob } from './queued-job.js'
import type { WorkerOptions } from './worker-options.js'

/** The handler of a worker: a function for all deliveries, or functions by event type as for `dispatch`. */
export type QueuedHandlers<D extends Delivery = RegisteredDelivery> =
  | ((delivery: Queued<D>) => unknown)
  | DispatchHandlers<Queued<D>>

/** Runs a packed delivery. */
export interface QueuedHandler {
  /** Rejects if the job must be retried. A signal alone may stand for the job. */
  (packed: unknown, job?: QueuedJob | AbortSignal): Promise<void>
  /** Resolves once no handler runs. */
  idle(): Promise<void>
}

/**
 * Creates the function that opens a delivery packed by `deliveryPacker` and calls the handler for its event type. The
 * handler's result is dropped, because queues store results. It reports one outcome for each run.
 *
 * It rejects with a `SealError` if the delivery cannot be opened. If the handler fails, it rejects with an error of the same
 * name, message, code and stack, with the credentials removed. Throws a `TypeError` as `deliveryPacker` does, and for a
 * handler that is not a function.
 *
 * @example
 * const handle = queuedHandler('myWorker', { 'mailbox.created': async ({ event }) => {} }, { sealingKeys })
 * queue.consume((job) => handle(job.data, { jobId: job.id, attempt: job.tries, isLast: job.tries === 5 }))
 */
export function queuedHandler<D extends Delivery = RegisteredDelivery>(
  owner: string,
  handlers: QueuedHandlers<D>,
  options: WorkerOptions,
): QueuedHandler {
  checkHandlers(owner, handlers)
  const runner = new JobRunner(owner, handlers as AnyHandlers, options)
  const handle = (packed: unknown, job: QueuedJob | AbortSignal = {}) =>
    runner.run(packed, job instanceof AbortSignal ? { signal: job } : job)
  return Object.assign(handle, { idle: () => runner.idle() })
}

/** Checks that all handlers are functions. They are not if only the options were passed. */
function checkHandlers(owner: string, handlers: unknown): void {
  if (typeof handlers === 'function') return
  const isGiven = typeof handlers === 'object' && handlers !== null
  if (isGiven && Object.values(handlers).every(isHandler)) return
  throw new TypeError(
    `${owner}: pass the handlers first, e.g. { 'mailbox.created': async (delivery) => {} }, and then the options`,
  )
}

const isHandler = (value: unknown) => value === undefined || typeof value === 'function'
