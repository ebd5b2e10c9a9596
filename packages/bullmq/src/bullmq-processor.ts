import type { Delivery, RegisteredDelivery } from '@mailbox-hooks/core'
import {
  checkNames,
  type QueuedHandlers,
  queuedHandler,
  SealError,
  type SealingOptions,
} from '@mailbox-hooks/core/queue'

/** What is read of BullMQ's `Job`. */
export interface JobLike {
  readonly data: unknown
}

/**
 * The processor of a BullMQ `Worker`: opens the job's delivery and calls the handler for its event type.
 *
 * A handler that fails makes the job's attempt fail; BullMQ tries again as the job says. A job that does not open fails
 * for good and is kept in the failed set, to be tried again when its key is back among the `sealingKeys`. What is stored
 * of a failure is its name, message, code and stack, in which the payload's credentials read `[redacted]`; what a
 * handler returns is not stored.
 *
 * Throws a `TypeError` where neither `sealingKeys` nor `plaintext: true` is given, and for options that cannot work.
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
  // BullMQ knows it by this name, whichever copy of BullMQ that is.
  throw Object.assign(new Error(`This job does not open. ${error.message}`), { name: 'UnrecoverableError' })
}
