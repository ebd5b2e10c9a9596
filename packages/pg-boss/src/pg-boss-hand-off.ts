import type { HandOff } from '@mailbox-hooks/core'
import { checkNames, deliveryPacker, type PackedDelivery, type SealingOptions } from '@mailbox-hooks/core/queue'
import { type PoolLike, transaction } from './transaction.js'

/** The methods used of pg-boss. Nothing is imported, so the version is the user's. */
export interface BossLike {
  send(queue: string, data: PackedDelivery, options: JobSettings): Promise<string | null>
  getJobById(queue: string, id: string, options: Pick<JobSettings, 'db'> & { includeArchive: true }): Promise<unknown>
}

interface JobSettings {
  readonly id: string
  /** Runs the statement on another connection than one of pg-boss. */
  readonly db?: { executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> }
}

export interface PgBossHandOffOptions extends SealingOptions {
  /**
   * Writes the job and the "handled" mark in one transaction, on a connection of this pool. It must be a pool of the
   * database that has the tables of both the SQL store and pg-boss, with a connection for each parallel delivery. Default
   * none: the job is written first, then the mark.
   */
  readonly pool?: PoolLike | undefined
}

export type { PoolLike }

/**
 * Creates a `handOff` that puts each delivery into a queue of pg-boss (10 to 12). The job id of an event is always the
 * same, so two deliveries of it are one job, even through a crash between queue and store.
 *
 * Set retries, expiration and retention on the queue. Create the queue before the first delivery. If it is missing, or its
 * policy refuses the job, the delivery is not acknowledged.
 *
 * Throws a `TypeError` if neither `sealingKeys` nor `plaintext: true` is given, and for a wrong option.
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
  const ping = () => boss.getJobById(queue, NOBODY, { includeArchive: true })
  return Object.assign(handOff, { isTransactional: pool !== undefined, ping })
}

async function insert(boss: BossLike, queue: string, data: PackedDelivery, settings: JobSettings): Promise<void> {
  if ((await boss.send(queue, data, settings)) !== null) return
  // Null means that nothing was inserted, because the job already exists or the queue does not.
  const { id, ...where } = settings
  if ((await boss.getJobById(queue, id, { ...where, includeArchive: true })) !== null) return
  throw new Error(`pg-boss took no job for the queue ${JSON.stringify(queue)}: create it, with the policy "standard"`)
}

const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Returns the first 128 bits of the hash as a UUID, which pg-boss requires. */
const uuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
