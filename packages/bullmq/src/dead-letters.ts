import { checkNames, type DeadLetter, deadLetterReader, type SealingOptions } from '@mailbox-hooks/core/queue'

/** The part of a failed job of BullMQ that is read. */
interface FailedJobLike {
  readonly id?: string | undefined
  readonly data: unknown
  readonly failedReason?: string | undefined
  readonly stacktrace?: readonly string[] | null
  readonly attemptsMade?: number
  readonly finishedOn?: number | undefined
}

/** The methods used of BullMQ's `Queue` to read its failed set. */
export interface FailedQueueLike {
  getFailed(start?: number, end?: number): Promise<readonly FailedJobLike[]>
}

export interface DeadLettersOptions extends SealingOptions {
  /** Limits the number of jobs. Default 1,000. */
  readonly limit?: number | undefined
}

/**
 * Returns the jobs that BullMQ has given up, newest first, without their credentials. They are in the queue's failed set.
 *
 * Throws a `TypeError` if neither `sealingKeys` nor `plaintext: true` is given, and for a wrong option. A job that cannot be
 * opened says why in `unreadable`.
 *
 * @example
 * const letters = await deadLetters(queue, { sealingKeys: [process.env.SEALING_KEY] })
 * await redrive(queue, letters.filter(({ type }) => type === 'mailbox.created').map(({ jobId }) => jobId))
 */
export async function deadLetters(queue: FailedQueueLike, options: DeadLettersOptions): Promise<readonly DeadLetter[]> {
  if (typeof queue?.getFailed !== 'function') throw new TypeError('deadLetters: pass the Queue of BullMQ')
  const { limit = 1_000, ...sealing } = checkNames('deadLetters', options, ['limit', 'sealingKeys', 'plaintext'])
  if (!Number.isInteger(limit) || limit < 1) throw new TypeError('deadLetters: limit must be a whole number above 0')
  const describe = deadLetterReader('deadLetters', sealing)
  const jobs = await queue.getFailed(0, limit - 1)
  return jobs.map(({ id = '', data, attemptsMade, finishedOn, ...job }) =>
    describe({
      jobId: id,
      data,
      attempts: attemptsMade,
      failedAt: finishedOn === undefined ? undefined : new Date(finishedOn),
      error: errorOf(job),
    }),
  )
}

/** BullMQ stores the message, and the stack, which begins with the error's name. */
function errorOf({ failedReason, stacktrace }: Pick<FailedJobLike, 'failedReason' | 'stacktrace'>) {
  if (failedReason === undefined) return undefined
  const [, name] = /^(\w{1,100}): /.exec(stacktrace?.at(-1) ?? '') ?? []
  return { name, message: failedReason }
}
