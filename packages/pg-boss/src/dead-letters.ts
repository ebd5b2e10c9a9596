import { checkNames, type DeadLetter, deadLetterReader, type SealingOptions } from '@mailbox-hooks/core/queue'
import { checkQueue, type DeadLetterBossLike, IS_DEAD, JobTable, type PgBossQueue } from './job-table.js'

export interface DeadLettersOptions extends SealingOptions {
  /** Limits the number of jobs. Default 1,000. */
  readonly limit?: number | undefined
}

interface DeadRow {
  readonly id: string
  readonly data: unknown
  readonly output: unknown
  readonly runs: number
  readonly ended: Date | string | null
}

/**
 * Returns the jobs that pg-boss has given up, newest first, without their credentials: the failed jobs of a queue, also those
 * in the archive of pg-boss 10. Of a dead letter queue it returns the waiting jobs.
 *
 * Rejects with a `TypeError` if neither `sealingKeys` nor `plaintext: true` is given, and for a wrong option. A job that
 * cannot be opened says why in `unreadable`.
 *
 * @example
 * const letters = await deadLetters(boss, 'deliveries', { sealingKeys: [process.env.SEALING_KEY] })
 * await redrive(boss, 'deliveries', letters.filter(({ type }) => type === 'mailbox.created').map(({ jobId }) => jobId))
 */
export function deadLetters(
  boss: DeadLetterBossLike,
  queue: string,
  options: DeadLettersOptions,
): Promise<readonly DeadLetter[]>
export function deadLetters(queue: PgBossQueue, options: DeadLettersOptions): Promise<readonly DeadLetter[]>
export async function deadLetters(
  ...given: [DeadLetterBossLike, string, DeadLettersOptions] | [PgBossQueue, DeadLettersOptions]
): Promise<readonly DeadLetter[]> {
  const [boss, queue, options] =
    'queue' in Object(given[0]) ? pairOf(given as [PgBossQueue, DeadLettersOptions]) : given
  checkQueue('deadLetters', boss as DeadLetterBossLike, queue as string)
  const read = checkNames('deadLetters', options as DeadLettersOptions, ['limit', 'sealingKeys', 'plaintext'])
  const { limit = 1_000, ...sealing } = read
  if (!Number.isInteger(limit) || limit < 1) throw new TypeError('deadLetters: limit must be a whole number above 0')
  const describe = deadLetterReader('deadLetters', sealing)
  const table = await JobTable.open(boss as DeadLetterBossLike, queue as string)
  const columns = 'id::text AS id, data, output, retry_count + 1 AS runs, completed_on AS ended'
  const archived = `UNION ALL SELECT ${columns} FROM $archive a
    WHERE name = $1 AND state = 'failed' AND NOT EXISTS (SELECT 1 FROM $job j WHERE j.name = $1 AND j.id = a.id)`
  const rows = await table.rows<DeadRow>(
    `SELECT * FROM (SELECT ${columns} FROM $job WHERE ${IS_DEAD} ${table.hasArchive ? archived : ''}) AS dead
     ORDER BY ended DESC NULLS LAST, id LIMIT $2`,
    [queue, limit],
  )
  return rows.map(({ id, data, output, runs, ended }) =>
    describe({
      jobId: id,
      data,
      attempts: runs,
      failedAt: ended === null ? undefined : new Date(ended),
      error: errorOf(output),
    }),
  )
}

const pairOf = ([{ boss, queue }, options]: [PgBossQueue, DeadLettersOptions]) => [boss, queue, options] as const

/** pg-boss stores an error as an object, and other outputs below `value`. */
function errorOf(output: unknown): { readonly name?: string | undefined; readonly message: string } | undefined {
  const { name, message = Object(Object(output).value).message } = Object(output)
  if (typeof message !== 'string') return undefined
  return { name: typeof name === 'string' ? name : undefined, message }
}
