import type { HandOff } from '@mailbox-hooks/core'
import { checkNames, deliveryPacker, type PackedDelivery, type SealingOptions } from '@mailbox-hooks/core/queue'
import { type PoolLike, transaction } from './transaction.js'

/** The methods of pg-boss that are called: by their shape, so that the user's own version is used. */
export interface BossLike {
  send(queue: string, data: PackedDelivery, options: JobSettings): Promise<string | null>
  getJobById(queue: string, id: string, options: Pick<JobSettings, 'db'> & { includeArchive: true }): Promise<unknown>
}

interface JobSettings {
  readonly id: string
  /** Where the statement runs, when not on a connection of pg-boss's own. */
  readonly db?: { executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> }
}

export interface PgBossHandOffOptions extends SealingOptions {
  /**
   * A pool of the database in which both the SQL store and pg-boss have their tables: the job and the event's mark as
   * handled become true in one transaction. Give it a connection for each delivery that comes at the same time. Default
   * none: the job first, then the mark.
   */
  readonly pool?: PoolLike | undefined
}

export type { PoolLike }

/**
 * A `handOff` that puts each delivery into a queue of pg-boss (10 to 12). The event's job id is the same each time, so
 * that two deliveries of it are one job, even through a crash between queue and store.
 *
 * Retries, expiration and retention are the queue's own. Create the queue before the first delivery; where it is
 * missing, or its policy refuses the job, the delivery is not acknowledged.
 *
 * Throws a `TypeError` where neither `sealingKeys` nor `plaintext: true` is given, and for options that cannot work.
 *
 * @example
 * await boss.createQueue('deliveries')
 * webhooks({
 *   providers,
 *   store: postgresStore(pool),
 *   handOff: pgBossHandOff(boss, 'deliveries', { pool, sealingKeys: [process.env.SEALING_KEY] }),
 * })
 */
export function pgBossHandOff(boss: BossLike, queue: string, options: PgBossHandOffOptions): HandOff {
  if (typeof boss?.send !== 'function') throw new TypeError('pgBossHandOff: pass the instance of pg-boss')
  if (typeof queue !== 'string' || queue === '') throw new TypeError('pgBossHandOff: pass the name of the queue')
  const { pool, ...sealing } = checkNames('pgBossHandOff', options, ['pool', 'sealingKeys', 'plaintext'])
  if (pool !== undefined && typeof pool.connect !== 'function') {
    throw new TypeError('pgBossHandOff: pool must be a pool of pg')
  }
  const pack = deliveryPacker('pgBossHandOff', sealing)

  const handOff: HandOff = async (delivery, terms) => {
    const id = uuid(terms.jobId)
    const data = pack(delivery, terms)
    if (pool === undefined) return insert(boss, queue, data, { id })
    return transaction(pool, async (client) => {
      const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) }
      await insert(boss, queue, data, { id, db })
      await delivery.complete({ within: client })
    })
  }
  return Object.assign(handOff, { isTransactional: pool !== undefined })
}

async function insert(boss: BossLike, queue: string, data: PackedDelivery, settings: JobSettings): Promise<void> {
  if ((await boss.send(queue, data, settings)) !== null) return
  // Null means that nothing was inserted: because the job is there already, or because there is no such queue.
  const { id, ...where } = settings
  if ((await boss.getJobById(queue, id, { ...where, includeArchive: true })) !== null) return
  throw new Error(`pg-boss took no job for the queue ${JSON.stringify(queue)}: create it, with the policy "standard"`)
}

/** The first 128 bits of the hash, in the form that pg-boss wants. */
const uuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
