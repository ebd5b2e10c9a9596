import { checkQueue, type DeadLetterBossLike, IS_DEAD, JobTable, type PgBossQueue } from './job-table.js'

/** A job that redrive was asked for. */
interface NamedRow {
  readonly id: string
  readonly delivery: string | null
  /** Where it is: given up, in the archive, or anywhere else. */
  readonly place: 'dead' | 'archive' | 'alive'
}

/**
 * Puts jobs that pg-boss has given up back into the queue, each for one more run. Ids are those of jobs, or of deliveries
 * such as `openmail:evt_1`. Resolves to how many were put back. A job that waits, runs or is done is left alone, so calling it
 * twice, or while a worker runs, makes no second job.
 *
 * The copies of these jobs in the queue's dead letter queue are deleted. Jobs of a dead letter queue go back to the queue that
 * they came from.
 *
 * Rejects, and puts nothing back, if the queue has no job of an id.
 *
 * @example
 * await redrive(boss, 'deliveries', 'all')
 */
export function redrive(boss: DeadLetterBossLike, queue: string, ids: readonly string[] | 'all'): Promise<number>
export function redrive(queue: PgBossQueue, ids: readonly string[] | 'all'): Promise<number>
export async function redrive(
  ...given: [DeadLetterBossLike, string, readonly string[] | 'all'] | [PgBossQueue, readonly string[] | 'all']
): Promise<number> {
  const [boss, queue, ids] = 'queue' in Object(given[0]) ? pairOf(given as [PgBossQueue, 'all']) : given
  checkQueue('redrive', boss as DeadLetterBossLike, queue as string)
  if (ids !== 'all' && !Array.isArray(ids)) throw new TypeError("redrive: pass a list of ids, or 'all'")
  return new Redrive(boss as DeadLetterBossLike, queue as string).run(ids as readonly string[] | 'all')
}

const pairOf = ([{ boss, queue }, ids]: [PgBossQueue, readonly string[] | 'all']) => [boss, queue, ids] as const

class Redrive {
  readonly #boss: DeadLetterBossLike
  readonly #queue: string

  constructor(boss: DeadLetterBossLike, queue: string) {
    this.#boss = boss
    this.#queue = queue
  }

  async run(ids: readonly string[] | 'all'): Promise<number> {
    const table = await JobTable.open(this.#boss, this.#queue)
    const found = await this.#find(table, ids)
    const idsIn = (place: NamedRow['place']) => found.filter((row) => row.place === place).map(({ id }) => id)
    const dead = idsIn('dead')
    let count = dead.length === 0 ? 0 : await this.#retry(table, dead)
    const sources = await table.rows<{ name: string }>('SELECT name FROM $queue WHERE dead_letter = $1', [this.#queue])
    if (sources.length > 0 && dead.length > 0) {
      count += await this.#retryOriginals(table, dead)
      count += await this.#sendAgain(table, dead, sources)
    }
    for (const id of idsIn('archive')) count += await this.#restore(table, id)
    return count
  }

  async #find(table: JobTable, ids: readonly string[] | 'all'): Promise<readonly NamedRow[]> {
    const which = ids === 'all' ? `$2::text[] IS NULL AND ${IS_DEAD}` : "(id::text = ANY($2) OR data->>'id' = ANY($2))"
    const columns = "id::text AS id, data->>'id' AS delivery"
    const archived = `UNION ALL SELECT ${columns}, 'archive' AS place FROM $archive a WHERE name = $1
      AND state = 'failed' AND (${which}) AND NOT EXISTS (SELECT 1 FROM $job j WHERE j.name = $1 AND j.id = a.id)`
    const rows = await table.rows<NamedRow>(
      `SELECT ${columns}, CASE WHEN ${IS_DEAD} THEN 'dead' ELSE 'alive' END AS place FROM $job
       WHERE name = $1 AND (${which}) ${table.hasArchive ? archived : ''}`,
      [this.#queue, ids === 'all' ? null : ids],
    )
    if (ids === 'all') return rows
    const unknown = ids.find((id) => !rows.some((row) => row.id === id || row.delivery === id))
    if (unknown === undefined) return rows
    throw new Error(`redrive: the queue ${JSON.stringify(this.#queue)} has no job ${JSON.stringify(unknown)}`)
  }

  /** Retries failed jobs, and deletes their copies in the dead letter queue, in one statement. */
  async #retry(table: JobTable, ids: readonly string[]): Promise<number> {
    const rows = await table.rows(
      `WITH back AS (
         UPDATE $job j SET ${RETRIED} WHERE j.name = $1 AND j.id = ANY($2::uuid[]) AND j.state = 'failed'
         AND ${HAS_NO_OTHER} RETURNING j.id, j.data, j.dead_letter
       ), copies AS (
         DELETE FROM $job c USING back WHERE c.name = back.dead_letter AND c.state < 'active' AND c.data = back.data
       )
       SELECT id FROM back`,
      [this.#queue, ids],
    )
    return rows.length
  }

  /** Retries the failed jobs whose copies wait in this dead letter queue, and deletes the copies. */
  async #retryOriginals(table: JobTable, ids: readonly string[]): Promise<number> {
    const rows = await table.rows(
      `WITH copies AS (
         SELECT id, data FROM $job WHERE name = $1 AND id = ANY($2::uuid[]) AND state < 'active' FOR UPDATE SKIP LOCKED
       ), back AS (
         UPDATE $job j SET ${RETRIED} FROM copies, $queue q WHERE q.dead_letter = $1 AND j.name = q.name
         AND j.state = 'failed' AND j.data = copies.data AND ${HAS_NO_OTHER} RETURNING copies.id
       ), gone AS (
         DELETE FROM $job WHERE name = $1 AND id IN (SELECT id FROM back)
       )
       SELECT id FROM back`,
      [this.#queue, ids],
    )
    return rows.length
  }

  /** Sends the waiting jobs of a dead letter queue again whose originals are gone. */
  async #sendAgain(table: JobTable, ids: readonly string[], sources: readonly { name: string }[]): Promise<number> {
    const left = await table.rows<{ id: string; data: object; original: string | null }>(
      `SELECT id::text AS id, data, (SELECT o.state::text FROM $job o, $queue q WHERE q.dead_letter = $1
         AND o.name = q.name AND o.data = c.data LIMIT 1) AS original
       FROM $job c WHERE name = $1 AND id = ANY($2::uuid[]) AND state < 'active'`,
      [this.#queue, ids],
    )
    const [source, ...others] = sources
    const orphans = left.filter(({ original }) => original === null)
    if (orphans.length > 0 && others.length > 0) {
      throw new Error(
        `redrive: the jobs that ${JSON.stringify(this.#queue)} was given are deleted, and it serves several queues. Use ` +
          'boss.redrive of pg-boss 12, which remembers where each came from',
      )
    }
    let count = 0
    for (const { id, data } of orphans) {
      // Under the same id, so that whoever does this at the same time makes no second job.
      if ((await this.#boss.send(source!.name, data, { id })) !== null) count += 1
    }
    // An original that is failed is being put back by somebody else at this moment.
    for (const { id, original } of left) if (original !== 'failed') await this.#boss.deleteJob(this.#queue, id)
    return count
  }

  async #restore(table: JobTable, id: string): Promise<number> {
    const [row] = await table.rows<{ data: object }>('SELECT data FROM $archive WHERE name = $1 AND id = $2::uuid', [
      this.#queue,
      id,
    ])
    if (row === undefined || (await this.#boss.send(this.#queue, row.data, { id })) === null) return 0
    await table.rows('DELETE FROM $archive WHERE name = $1 AND id = $2::uuid', [this.#queue, id])
    return 1
  }
}

/** As pg-boss retries a failed job. */
const RETRIED =
  "state = 'retry', retry_limit = greatest(j.retry_limit, j.retry_count) + 1, completed_on = NULL, start_after = now()"

/** No other job of the event waits or runs. */
const HAS_NO_OTHER = `NOT EXISTS (SELECT 1 FROM $job o WHERE o.name = j.name AND o.id <> j.id
  AND o.state < 'completed' AND o.data->>'id' = j.data->>'id')`
