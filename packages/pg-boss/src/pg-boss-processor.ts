import type { Delivery, RegisteredDelivery } from '@mailbox-hooks/core'
import { checkNames, type QueuedHandlers, queuedHandler, type SealingOptions } from '@mailbox-hooks/core/queue'

/** The part of a pg-boss job that is read. */
export interface JobLike {
  readonly id: string
  /** Its queue. */
  readonly name: string
  readonly data: unknown
  /** From pg-boss 11 on. */
  readonly signal?: AbortSignal
}

/** The methods used of pg-boss to complete a single job. */
export interface SettlingBossLike {
  complete(queue: string, id: string): Promise<unknown>
}

export interface PgBossProcessorOptions extends SealingOptions {
  /** The instance whose `work` calls the handler. Required for a `batchSize` above 1. Default none. */
  readonly boss?: SettlingBossLike | undefined
}

/**
 * Creates the handler of `boss.work`, which opens the job's delivery and calls the handler for its event type.
 *
 * If the handler fails, the job fails, and pg-boss retries it as the queue is configured to. The same holds for a job that
 * cannot be opened. pg-boss stores the name, message, code and stack of an error, with the payload's credentials replaced
 * by `[redacted]`. It does not store results.
 *
 * The jobs of a batch run in parallel. With `boss`, each successful job is completed on its own, as soon as it is done.
 * Failed jobs return to the queue together, when all have ended. Without `boss`, pg-boss repeats the whole batch if one job
 * fails.
 *
 * Throws a `TypeError` if neither `sealingKeys` nor `plaintext: true` is given, and for a wrong option.
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
    // pg-boss fails the jobs that are not completed. Do not fail each alone: that would end a job that has restarted.
    if (failures.length > 0) throw inOne(failures)
  }

  async function runAndComplete({ id, name, data, signal }: JobLike): Promise<void> {
    await handle(data, signal)
    await boss?.complete(name, id)
  }
}

/** Returns one error for the whole batch, which pg-boss stores with each failed job. */
function inOne(failures: readonly Error[]): Error {
  const [first] = failures
  if (failures.length === 1) return first!
  const messages = new Set(failures.map(({ message }) => message))
  return Object.assign(new Error([...messages].join('; ')), { name: first!.name, stack: first!.stack })
}
