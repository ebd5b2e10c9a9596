import type { Delivery, RegisteredDelivery } from '@mailbox-hooks/core'
import { type QueuedHandlers, queuedHandler, SealError, type WorkerOptions } from '@mailbox-hooks/core/queue'

/** The part of BullMQ's `Job` that is read. */
export interface JobLike {
  readonly data: unknown
  readonly id?: string | undefined
  /** How many runs have ended. */
  readonly attemptsMade?: number
  readonly opts?: { readonly attempts?: number | undefined }
}

/** The processor of a BullMQ `Worker`. */
export interface BullmqProcessor {
  (job: JobLike, token?: string, signal?: AbortSignal): Promise<void>
  /** Resolves once no handler runs in this process. `worker.close()` waits for it, too. */
  idle(): Promise<void>
}

/**
 * Creates the processor of a BullMQ `Worker`, which opens the job's delivery and calls the handler: a function, or functions
 * by event type.
 *
 * If the handler fails, the attempt fails, and BullMQ retries the job as it is configured to. A job that cannot be opened
 * fails for good. It stays in the failed set: redrive it when its key is back in `sealingKeys`. BullMQ stores the name,
 * message, code and stack of an error, with the payload's credentials replaced by `[redacted]`. It does not store results.
 *
 * Each run has one outcome. BullMQ gives up the job of a worker that died `maxStalledCount` times, without a run.
 *
 * Throws a `TypeError` if neither `sealingKeys` nor `plaintext: true` is given, and for a wrong option.
 *
 * @example
 * new Worker('deliveries', bullmqProcessor({
 *   'mailbox.created': async ({ event }) => provision(event.payload.data.mailboxDetails),
 * }, { sealingKeys: [process.env.SEALING_KEY], onOutcome: logOutcomes(console) }), { connection })
 */
export function bullmqProcessor<D extends Delivery = RegisteredDelivery>(
  handlers: QueuedHandlers<D>,
  options: WorkerOptions,
): BullmqProcessor {
  const handle = queuedHandler<D>('bullmqProcessor', handlers, options)
  const process = (job: JobLike, _token?: string, signal?: AbortSignal) => {
    const attempt = job.attemptsMade === undefined ? undefined : job.attemptsMade + 1
    const isLast = (error: Error) => FINAL.has(error.name) || (attempt ?? 0) >= (job.opts?.attempts ?? 1)
    return handle(job.data, { jobId: job.id, attempt, isLast, signal, original: job }).catch(giveUpUnopened)
  }
  return Object.assign(process, { idle: handle.idle })
}

/** The names of errors after which BullMQ does not retry. */
const FINAL: ReadonlySet<string> = new Set(['SealError', 'UnrecoverableError'])

function giveUpUnopened(error: unknown): never {
  if (!(error instanceof SealError)) throw error
  // BullMQ recognises the error by this name, so any copy of BullMQ works.
  throw Object.assign(new Error(`This job cannot be opened. ${error.message}`), { name: 'UnrecoverableError' })
}
