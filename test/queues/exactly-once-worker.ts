// A worker that is killed where it is told to. The test bundles and starts it.

import { bullmqProcessor } from '@mailbox-hooks/bullmq'
import type { Outcome } from '@mailbox-hooks/core'
import type { QueuedDelivery, WorkerOptions } from '@mailbox-hooks/core/queue'
import { postgresStore } from '@mailbox-hooks/core/sql'
import { postgresJournal } from '@mailbox-hooks/journal'
import { pgBossProcessor } from '@mailbox-hooks/pg-boss'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import PgBoss from 'pg-boss'
import type { WorkerSettings } from './exactly-once.js'

const settings = JSON.parse(process.argv[2]!) as WorkerSettings
const { queue, dieAt, by, schema, postgresUrl, redisUrl, key } = settings

const pool = new Pool({ connectionString: postgresUrl, options: `-c search_path=${schema}`, max: 8 })

function arriveAt(place: WorkerSettings['dieAt']): void {
  if (dieAt === place) process.kill(process.pid, 'SIGKILL')
}

async function handle(delivery: QueuedDelivery): Promise<void> {
  const client = await pool.connect()
  await client.query('BEGIN')
  await client.query('INSERT INTO orders (event_id) VALUES ($1)', [delivery.id])
  await delivery.complete({ within: client })
  arriveAt('before the commit')
  await client.query('COMMIT')
  arriveAt('after the commit')
  client.release()
}

const sealing = { sealingKeys: [key] }
const options: WorkerOptions = {
  ...sealing,
  ...(by === 'journal' ? { journal: postgresJournal(pool, sealing) } : { store: postgresStore(pool) }),
  onOutcome: ({ kind, error }: Outcome) => process.send?.({ kind, error }),
}

if (queue === 'bullmq') {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const processor = bullmqProcessor(handle, options)
  const run: typeof processor = Object.assign(async (...args: Parameters<typeof processor>) => {
    await processor(...args)
    arriveAt('before the job is completed')
  }, processor)
  new Worker(schema, run, { connection, lockDuration: 1_000, stalledInterval: 500, maxStalledCount: 3 })
} else {
  const boss = new PgBoss({ connectionString: postgresUrl, schema, maintenanceIntervalSeconds: 1 })
  boss.on('error', () => {})
  await boss.start()
  const settling = {
    complete: (name: string, id: string) => {
      arriveAt('before the job is completed')
      return boss.complete(name, id)
    },
    getJobById: (name: string, id: string) => boss.getJobById(name, id),
  }
  await boss.work(
    'deliveries',
    { pollingIntervalSeconds: 0.5 },
    pgBossProcessor(handle, { ...options, boss: settling }),
  )
}
