import { deadLetters, pgBossHandOff } from '@mailbox-hooks/pg-boss'
import { Pool } from 'pg'
import type PgBoss from 'pg-boss'
import { afterAll, beforeAll, expect } from 'vitest'
import { QUEUED, receiverOf } from '../../../test/queues/sender.js'
import { findPostgres, runName } from '../../../test/servers/services.js'
import type { VERSIONS } from './versions.js'

const { url, isAbsent } = await findPostgres()
const SEALING = { sealingKeys: [new Uint8Array(32).fill(7)] }

/** The end of the id of a delivery, by which a test knows an event. */
export const nameOf = (id: unknown) => String(id).replace('cold-mail-reseller:', '')

/**
 * Opens pg-boss of a version for the tests of a block. They run its jobs themselves: the polling of workers takes most of
 * the time of the queue suite.
 */
export function withoutWorker({ create, isRunnable }: (typeof VERSIONS)[number]) {
  const schema = runName()
  const skip = isAbsent || !isRunnable
  const pool = skip ? undefined : new Pool({ connectionString: url, max: 2 })
  let boss: PgBoss
  let queues = 0

  beforeAll(async () => {
    if (skip) return
    const options = { connectionString: url, schema, supervise: false, schedule: false, max: 2 }
    boss = await create(options)
    await boss.start()
  }, 30_000)
  afterAll(async () => {
    if (skip) return
    await boss.stop({ graceful: false, wait: true })
    await rows(`DROP SCHEMA ${schema} CASCADE`)
    await pool?.end()
  })

  async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await pool!.query(sql.replaceAll('$job', `${schema}.job`), values)).rows
  }

  async function createQueue(options: object = {}): Promise<string> {
    const name = `queue-${queues++}`
    await boss.createQueue(name, { name, retryLimit: 0, ...options })
    return name
  }

  /** A queue, and the dead letter queue into which pg-boss copies its failed jobs. */
  async function createPair() {
    const letters = await createQueue()
    return { letters, queue: await createQueue({ deadLetter: letters }) }
  }

  async function send(queue: string, ...names: string[]): Promise<void> {
    const deliver = receiverOf(pgBossHandOff(boss, queue, SEALING))
    for (const name of names) expect(await deliver(name)).toBe(QUEUED)
  }

  /** Fails the next job of a queue, as a worker would. */
  async function failNext(queue: string, output: object = new Error('down')): Promise<string> {
    const [job] = await boss.fetch(queue)
    await boss.fail(queue, job!.id, output)
    return job!.id
  }

  async function failed(queue: string, ...names: string[]): Promise<void> {
    await send(queue, ...names)
    for (const _ of names) await failNext(queue)
  }

  /** Sends three jobs: `done` is completed, `runs` is active, `waits` is not begun. */
  async function sendNotFailed(queue: string): Promise<void> {
    await send(queue, 'done', 'runs')
    const [job] = await boss.fetch(queue)
    await boss.complete(queue, job!.id)
    await boss.fetch(queue)
    await send(queue, 'waits')
  }

  const list = async (queue: string, options: object = {}) => deadLetters(boss, queue, { ...SEALING, ...options })
  const named = async (queue: string) => (await list(queue)).map(({ id }) => nameOf(id)).sort()

  /** The states of a queue's jobs by their events. */
  async function states(queue: string): Promise<Record<string, unknown>> {
    const found = await rows(`SELECT data->>'id' AS id, state::text FROM $job WHERE name = $1`, [queue])
    return Object.fromEntries(found.map(({ id, state }) => [nameOf(id), state]))
  }

  async function jobIdOf(queue: string, name: string): Promise<string> {
    const [row] = await rows(`SELECT id FROM $job WHERE name = $1 AND data->>'id' LIKE '%' || $2`, [queue, name])
    return String(row?.id)
  }

  return {
    skip,
    schema,
    get boss() {
      return boss
    },
    ...{ rows, createQueue, createPair, send, sendNotFailed, failNext, failed, list, named, states, jobIdOf },
  }
}
