import type { Delivery, RegisteredDelivery } from '@mailbox-hooks/core'
import {
  checkNames,
  type QueuedHandlers,
  queuedHandler,
  WORKER_OPTIONS,
  type WorkerOptions,
} from '@mailbox-hooks/core/queue'

/** The part of a pg-boss job that is read. */
export interface JobLike {
  readonly id: string
  /** Its queue. */
  readonly name: string
  readonly data: unknown
  /** From pg-boss 11 on. */
  readonly signal?: AbortSignal
  /** With `includeMetadata: true` of `boss.work`. */
  readonly retryCount?: number
  /** With `includeMetadata: true` of `boss.work`. */
  readonly retryLimit?: number
}

/** The methods used of pg-boss to settle a single job, and to ask how often it was tried. */
export interface SettlingBossLike {
  complete(queue: string, id: string): Promise<unknown>
  fail?(queue: string, id: string, output: object): Promise<unknown>
  getJobById?(queue: string, id: string): Promise<unknown>
}

export interface PgBossProcessorOptions extends WorkerOptions {
  /**
   * The instance whose `work` calls the handler. Required for a `batchSize` above 1, and to know the last attempt of a job
   * without `includeMetadata: true`. Default none.
   */
  readonly boss?: SettlingBossLike | undefined
}

/** The handler of `boss.work`. */
export interface PgBossProcessor {
  (jobs: readonly JobLike[]): Promise<void>
  /** Resolves once no handler runs in this process. */
  idle(): Promise<void>
}

/**
 * Creates the handler of `boss.work`, which opens the job's delivery and calls the handler: a function, or functions by event
 * type.
 *
 * If the handler fails, the job fails, and pg-boss retries it as the queue is configured to. The same holds for a job that
 * cannot be opened. pg-boss stores the name, message, code and stack of an error, with the payload's credentials replaced
 * by `[redacted]`. It does not store results.
 *
 * The jobs of a batch run in parallel. With `boss`, each successful job is completed on its own, as soon as it is done.
 * Failed jobs return to the queue together, when all have ended. A job that failed for the last time keeps its own error.
 * Without `boss`, pg-boss repeats the whole batch if one job fails.
 *
 * Each run has one outcome. pg-boss ends the last run of a process that died when it expires, without an outcome.
 *
 * Throws a `TypeError` if neither `sealingKeys` nor `plaintext: true` is given, and for a wrong option.
 *
 * @example
 * await boss.work('deliveries', { batchSize: 20, includeMetadata: true }, pgBossProcessor({
 *   'mailbox.created': async ({ event }) => provision(event.payload.data.mailboxDetails),
 * }, { boss, sealingKeys: [process.env.SEALING_KEY], onOutcome: logOutcomes(console) }))
 */
export function pgBossProcessor<D extends Delivery = RegisteredDelivery>(
  handlers: QueuedHandlers<D>,
  options: PgBossProcessorOptions,
): PgBossProcessor {
  const { boss, ...others } = checkNames('pgBossProcessor', options, ['boss', ...WORKER_OPTIONS])
  const handle = queuedHandler<D>('pgBossProcessor', handlers, others)
  const { onOutcome, observer, journal } = others
  const isReported = (onOutcome ?? observer ?? journal) !== undefined

  const process = async (jobs: readonly JobLike[]) => {
    if (boss === undefined && jobs.length > 1) {
      throw new Error('pgBossProcessor: with a batchSize above 1 pass boss, or one failure repeats the whole batch')
    }
    const failures = (await Promise.all(jobs.map(runAndComplete))).filter((failure) => failure !== undefined)
    if (failures.length === 0) return
    const retried = jobs.length === 1 ? failures : await settleTheLast(failures)
    // pg-boss fails the jobs that are not completed. Do not fail each alone: that would end a job that has restarted.
    if (retried.length > 0) throw inOne(retried.map(({ error }) => error))
  }
  return Object.assign(process, { idle: handle.idle })

  async function runAndComplete(job: JobLike): Promise<Failure | undefined> {
    const { id, name, data, signal } = job
    const tries = isReported ? await triesOf(boss, job) : undefined
    const facts = { jobId: id, attempt: tries?.attempt, isLast: tries?.isLast, signal, original: job }
    try {
      await handle(data, facts)
      await boss?.complete(name, id)
      return undefined
    } catch (error) {
      return { job, error: error as Error, tries }
    }
  }

  /** Fails each job whose last attempt this was with its own error. Resolves to the others, which pg-boss will retry. */
  async function settleTheLast(failures: readonly Failure[]): Promise<readonly Failure[]> {
    const retried: Failure[] = []
    for (const failure of failures) {
      const { job, error } = failure
      const { isLast } = failure.tries ?? (await triesOf(boss, job)) ?? {}
      // A job that failed for good cannot restart meanwhile, and pg-boss leaves it alone.
      const isSettled = isLast && boss?.fail !== undefined && (await settled(boss.fail(job.name, job.id, error)))
      if (!isSettled) retried.push(failure)
    }
    return retried
  }
}

interface Tries {
  readonly attempt: number
  readonly isLast: boolean
}

interface Failure {
  readonly job: JobLike
  readonly error: Error
  readonly tries: Tries | undefined
}

/** Returns how often a job was tried. Undefined if neither the job nor pg-boss says so. */
async function triesOf(boss: SettlingBossLike | undefined, job: JobLike): Promise<Tries | undefined> {
  const known: unknown =
    job.retryLimit === undefined ? await boss?.getJobById?.(job.name, job.id).catch(() => null) : job
  const { retryCount, retryLimit } = Object(known) as Partial<JobLike>
  if (retryCount === undefined || retryLimit === undefined) return undefined
  return { attempt: retryCount + 1, isLast: retryCount >= retryLimit }
}

const settled = (settling: Promise<unknown>) =>
  settling.then(
    () => true,
    () => false,
  )

/** Returns one error for the jobs of a batch that are retried, because pg-boss stores the same with each. */
function inOne(failures: readonly Error[]): Error {
  const [first] = failures
  if (new Set(failures.map(({ message }) => message)).size === 1) return first!
  return new Error(`${failures.length} jobs of this batch failed, each with an error of its own, and are retried.`)
}
