import type { Delivery, RegisteredDelivery } from '@mailbox-hooks/core'
import { type QueuedHandlers, queuedHandler, type SealingOptions } from '@mailbox-hooks/core/queue'

/** What is read of a job of pg-boss. */
export interface JobLike {
  readonly id: string
  /** Its queue. */
  readonly name: string
  readonly data: unknown
  /** From pg-boss 11 on. */
  readonly signal?: AbortSignal
}

/** What ends a job of its own, by its shape. */
export interface SettlingBossLike {
  complete(queue: string, id: string): Promise<unknown>
  fail(queue: string, id: string, error: Error): Promise<unknown>
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
 * The jobs of a batch run at the same time, and with `boss` each ends by itself, as soon as it is done. pg-boss alone
 * would repeat all of them when one fails.
 *
 * Throws a `TypeError` where neither `sealingKeys` nor `plaintext: true` is given.
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
  const { boss, ...sealing } = options ?? {}
  const handle = queuedHandler<D>('pgBossProcessor', handlers, sealing)

  return async (jobs) => {
    if (boss === undefined && jobs.length > 1) {
      throw new Error('pgBossProcessor: with a batchSize above 1 pass boss, or one failure repeats the whole batch')
    }
    await Promise.all(jobs.map((job) => (boss === undefined ? run(job) : runAndSettle(job, boss))))
  }

  function run({ data, signal }: JobLike): Promise<void> {
    return handle(data, signal)
  }

  async function runAndSettle(job: JobLike, boss: SettlingBossLike): Promise<void> {
    const failure = await run(job).then(
      () => undefined,
      (error: Error) => error,
    )
    await (failure === undefined ? boss.complete(job.name, job.id) : boss.fail(job.name, job.id, failure))
  }
}
