import { pgBossProcessor } from '@mailbox-hooks/pg-boss'
import PgBoss from 'pg-boss'

const { POSTGRES_URL, SCHEMA, SEALING_KEY, WORK_MS } = process.env

// Look for expired jobs each second. One process must do so.
const boss = new PgBoss({ connectionString: POSTGRES_URL!, schema: SCHEMA!, maintenanceIntervalSeconds: 1 })
boss.on('error', (error) => console.error('pg-boss:', error.message))
await boss.start()

const processor = pgBossProcessor(
  {
    'mailbox.created': async ({ id, event }) => {
      process.send?.({ did: 'begin', id })
      // The mailbox's password is readable here, but nowhere in PostgreSQL.
      if (!event.payload.data.mailboxDetails.email) throw new Error('A mailbox without an address')
      await new Promise((resolve) => setTimeout(resolve, Number(WORK_MS)))
      process.send?.({ did: 'end', id })
    },
  },
  { boss, sealingKeys: [SEALING_KEY] },
)

await boss.work('deliveries', { batchSize: 5, pollingIntervalSeconds: 0.5 }, processor)

process.once('SIGTERM', async () => {
  await boss.stop({ timeout: 5_000 })
  process.disconnect()
})
