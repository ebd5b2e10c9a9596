import { postgresJournalStore } from '@mailbox-hooks/journal'
import pg from 'pg'
import { findPostgres, runName } from '../servers/services.js'
import { TcpProxy } from '../servers/tcp-proxy.js'
import { drained } from './drained.js'
import { journalChaos } from './journal-suite.js'

const postgres = await findPostgres()

journalChaos({
  name: 'postgresJournal',
  skip: postgres.isAbsent,
  hasTransactions: true,
  open: async (isWithin) => {
    const name = runName()
    const pool = new pg.Pool({ connectionString: postgres.url, max: 1 })
    const rows = postgresJournalStore(pool, { table: name })
    await rows.migrate()
    await pool.query(`CREATE TABLE ${name}_orders (event_id text NOT NULL)`)
    const proxy = await (await TcpProxy.before(postgres.url)).start()
    const url = Object.assign(new URL(postgres.url), { port: proxy.port }).href
    return {
      backend: { kind: 'postgres', url, ordersUrl: isWithin ? url : postgres.url, name },
      server: proxy,
      drained: () => drained(rows),
      orders: async () => {
        const { rows: counted } = await pool.query(
          `SELECT event_id, count(*)::int FROM ${name}_orders GROUP BY event_id`,
        )
        return new Map(counted.map(({ event_id, count }) => [event_id, count]))
      },
      close: async () => {
        await proxy.stop()
        const { rows: tables } = await pool.query(`SELECT tablename FROM pg_tables WHERE tablename LIKE '${name}%'`)
        for (const { tablename } of tables) await pool.query(`DROP TABLE ${tablename}`)
        await pool.end()
      },
    }
  },
})
