import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { coldMailReseller } from '@mailbox-hooks/core'
import { postgresStore } from '@mailbox-hooks/core/sql'
import { webhooks } from '@mailbox-hooks/express'
import { pgBossHandOff } from '@mailbox-hooks/pg-boss'
import express from 'express'
import { Pool } from 'pg'
import PgBoss from 'pg-boss'
import { SECRET } from './play-workers.ts'

const QUEUE = 'deliveries'

/** Receives deliveries, and answers as soon as PostgreSQL has them. It stores everything in its own schema. */
export async function startReceiver(schema: string) {
  const connectionString = process.env.POSTGRES_URL!
  const boss = new PgBoss({ connectionString, schema })
  boss.on('error', (error) => console.error('pg-boss:', error.message))
  await boss.start()
  // expireInSeconds: how soon another worker takes the job of a dead one. The default is 15 minutes.
  await boss.createQueue(QUEUE, { name: QUEUE, retryLimit: 8, retryBackoff: true, expireInSeconds: 2 })

  // A pool for the store alone, so that transactions do not delay it.
  const options = { connectionString, options: `-c search_path=${schema}` }
  const storePool = new Pool({ ...options, max: 4 })
  const store = postgresStore(storePool)
  await store.migrate()
  const pool = new Pool({ ...options, max: 10 })

  const receive = webhooks({
    providers: [coldMailReseller({ secrets: [SECRET] })],
    store,
    // With the pool, the job and the "handled" mark are one transaction.
    handOff: pgBossHandOff(boss, QUEUE, { pool, sealingKeys: [process.env.SEALING_KEY] }),
  })

  const app = express()
  // No handler: every delivery goes to the queue.
  app.post('/webhooks', receive)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    countJobs: async () => {
      const { rows } = await pool.query('SELECT count(*)::int AS count FROM job WHERE name = $1', [QUEUE])
      return rows[0].count as number
    },
    close: async () => {
      server.close()
      await boss.stop({ graceful: false, wait: true })
      await pool.query(`DROP SCHEMA ${schema} CASCADE`)
      await Promise.all([pool.end(), storePool.end()])
    },
  }
}
