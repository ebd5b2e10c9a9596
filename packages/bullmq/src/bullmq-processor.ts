import type { Delivery, RegisteredDelivery } from '@mailbox-hooks/core'
import {
  checkNames,
  type QueuedHandlers,
  queuedHandler,
  SealError,
  type SealingOptions,
} from '@mailbox-hooks/core/queue'

/** The part of BullMQ's `Job` that is read. */
export interface JobLike {
  readonly data: unknown
}

/**
 * Creates the processor of a BullMQ `Worker`, which opens the job's delivery and calls the handler for its event type.
 *
 * If the handler fails, the attempt fails, and BullMQ retries the job as it is configured to. A job that cannot be opened
 * fails for good. It stays in the failed set: retry it when its key is back in `sealingKeys`. BullMQ stores the name,
 * message, code and stack of an error, with the payload's credentials replaced by `[redacted]`. It does not store results.
 *
 * Throws a `TypeError` if neither `sealingKeys` nor `plaintext: true` is given, and for a wrong option.
 *
 * @example
 * new Worker('deliveries', bullmqProcessor({
 *   'mailbox.created': async ({ event }) => provision(event.payload.data.mailboxDetails),
 * }, { sealingKeys: [process.env.SEALING_KEY] }), { connection })
 */
export function bullmqProcessor<D extends Delivery = RegisteredDelivery>(
  handlers: QueuedHandlers<D>,
  options: SealingOptions,
): (job: JobLike, token?: string, signal?: AbortSignal) => Promise<void> {
  const sealing = checkNames('bullmqProcessor', options, ['sealingKeys', 'plaintext'])
  const handle = queuedHandler<D>('bullmqProcessor', handlers, sealing)
  return (job, _token, signal) => handle(job.data, signal).catch(giveUpUnopened)
}

function giveUpUnopened(error: unknown): never {
  if (!(error instanceof SealError)) throw error
  // BullMQ recognises the error by this name, so any copy of BullMQ works.
  throw Object.assign(new Error(`This job cannot be opened. ${error.message}`), { name: 'UnrecoverableError' })
}
