import { createHash } from 'node:crypto'
import type { FailedQueueLike } from './dead-letters.js'

/** The part of a job of BullMQ that puts it back. */
interface RetryableJobLike {
  readonly id?: string | undefined
  readonly data: unknown
  readonly finishedOn?: number | undefined
  retry(state: 'failed', options: { resetAttemptsMade: boolean; resetAttemptsStarted: boolean }): Promise<unknown>
  getState(): Promise<string>
}

/** The methods used of BullMQ's `Queue` to put failed jobs back. */
export interface RedrivableQueueLike extends FailedQueueLike {
  getFailed(start?: number, end?: number): Promise<readonly RetryableJobLike[]>
  getJob(id: string): Promise<RetryableJobLike | undefined>
}

const PAGE = 100

/**
 * Puts jobs that BullMQ has given up back into the queue, with all their attempts. Ids are those of jobs, or of deliveries
 * such as `openmail:evt_1`. Resolves to how many were put back. A job that waits, runs or is done is left alone, so calling it
 * twice, or while a worker runs, makes no second job.
 *
 * Rejects, and puts nothing back, if the queue has no job of an id.
 *
 * @example
 * await redrive(queue, 'all')
 */
export async function redrive(queue: RedrivableQueueLike, ids: readonly string[] | 'all'): Promise<number> {
  if (typeof queue?.getFailed !== 'function') throw new TypeError('redrive: pass the Queue of BullMQ')
  if (ids !== 'all' && !Array.isArray(ids)) throw new TypeError("redrive: pass a list of ids, or 'all'")
  const jobs = ids === 'all' ? await allFailed(queue) : await named(queue, ids)
  let count = 0
  for (const job of jobs) if (await putBack(job)) count += 1
  return count
}

/** Resolves to false if the job is not failed: it was put back before. */
async function putBack(job: RetryableJobLike): Promise<boolean> {
  try {
    await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })
    return true
  } catch (error) {
    if ((await job.getState()) === 'failed') throw error
    return false
  }
}

/** Returns the jobs that have failed by now. Those that fail meanwhile are not put back over and over. */
async function allFailed(queue: RedrivableQueueLike): Promise<readonly RetryableJobLike[]> {
  const found = new Map<string | undefined, RetryableJobLike>()
  for (let start = 0; ; start += PAGE) {
    const page = await queue.getFailed(start, start + PAGE - 1)
    for (const job of page) found.set(job.id, job)
    if (page.length < PAGE) return [...found.values()]
  }
}

async function named(queue: RedrivableQueueLike, ids: readonly string[]): Promise<readonly RetryableJobLike[]> {
  const jobs = await Promise.all(ids.map(async (id) => (await queue.getJob(id)) ?? queue.getJob(jobIdOf(id))))
  const unknown = ids.filter((_id, index) => jobs[index] == null)
  const known = jobs.filter((job) => job != null)
  if (unknown.length === 0) return known
  // The job of an event without an id, or of a replay, has another id.
  const failed = await allFailed(queue)
  for (const id of unknown) {
    const job = failed.find(({ data }) => Object(data).id === id)
    if (job === undefined) throw new Error(`redrive: the queue has no job ${JSON.stringify(id)}`)
    known.push(job)
  }
  return known
}

/** Returns the id of the job that a receiver makes of a delivery with an id of its provider. */
const jobIdOf = (deliveryId: string) => createHash('sha256').update(deliveryId).digest('hex')
