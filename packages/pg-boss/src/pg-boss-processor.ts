import type { Delivery, RegisteredDelivery } from '@mailbox-hooks/core'
import { checkNames, type QueuedHandlers, queuedHandler, type SealingOptions } from '@mailbox-hooks/core/queue'

/** What is read of a job of pg-boss. */
export interface JobLike {
  readonly id: string
  /** Its queue. */
  readonly name: string
  readonly data: unknown
  /** From pg-boss 11 on. */
  readonly signal?: AbortSignal
}

/** What completes a job of its own, by its shape. */
export interface SettlingBossLike {
  complete(queue: string, id: string): Promise<unknown>
}

export interface PgBossProcessorOptions extends SealingOptions {
  /** The instance whose `work` calls this; needed for a `batchSize` above 1. Default none. */
  readonly boss?: SettlingBossLike | undefined
}

/**
 * The handler of `boss.work`: opens the job's delivery and calls the handler for its event type.
 *
 * A handler that fails makes the job fail; pg-boss tries again as the queue says. So does a job that does not open, with
 * an error that says why; it is kept as failed jobs are. What is stored of a failure is its name, message, code and
 * stack, in which the payload's credentials read `[redacted]`; what a handler returns is not stored.
 *
 * The jobs of a batch run at the same time, and with `boss` each that succeeds is completed by itself, as soon as it is
 * done. Those that fail are given back together, when all have ended. pg-boss alone would repeat all of a batch when one
 * fails.
 *
 * Throws a `TypeError` where neither `sealingKeys` nor `plaintext: true` is given, and for options that cannot work.
 *
 * @example
 * await boss.work('deliveries', { batchSize: 20 }, pgBossProcessor({
 *   'mailbox.created': async ({ event }) => provision(event.payload.data.mailboxDetails),
 * }, { boss, sealingKeys: [process.env.SEALING_KEY] }))
 */
export function pgBossProcessor<D extends Delivery = RegisteredDelivery>(
  handlers: QueuedHandlers<D>,
  options: PgBossProcessorOptions,
): (jobs: readonly JobLike[]) => Promise<void> {
  const { boss, ...sealing } = checkNames('pgBossProcessor', options, ['boss', 'sealingKeys', 'plaintext'])
  const handle = queuedHandler<D>('pgBossProcessor', handlers, sealing)

  return async (jobs) => {
    if (boss === undefined && jobs.length > 1) {
      throw new Error('pgBossProcessor: with a batchSize above 1 pass boss, or one failure repeats the whole batch')
    }
    const ends = await Promise.allSettled(jobs.map(runAndComplete))
    const failures = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason as Error)
    // It fails what is not completed. Not each by itself: a job that has begun anew by the end of the batch would be ended by it.
    if (failures.length > 0) throw inOne(failures)
  }

  async function runAndComplete({ id, name, data, signal }: JobLike): Promise<void> {
    await handle(data, signal)
    await boss?.complete(name, id)
  }
}

/** pg-boss stores it with each job that failed. */
function inOne(failures: readonly Error[]): Error {
  const [first] = failures
  if (failures.length === 1) return first!
  const messages = new Set(failures.map(({ message }) => message))
  return Object.assign(new Error([...messages].join('; ')), { name: first!.name, stack: first!.stack })
}
