import { postgresStore } from '@mailbox-hooks/core/sql'
import { postgresJournalStore } from '@mailbox-hooks/journal'
import pg from 'pg'
import { findPostgres, runName } from '../servers/services.js'
import { TcpProxy } from '../servers/tcp-proxy.js'
import { drained } from './drained.js'
import { journalChaos } from './journal-suite.js'

const postgres = await findPostgres()

journalChaos(
  {
    name: 'postgresJournal',
    skip: postgres.isAbsent,
    hasTransactions: true,
    open: async (isWithin) => {
      const name = runName()
      const pool = new pg.Pool({ connectionString: postgres.url, max: 1 })
      const rows = postgresJournalStore(pool, { table: name })
      await rows.migrate()
      await pool.query(`CREATE TABLE ${name}_orders (event_id text NOT NULL)`)
      await postgresStore(pool, { table: `${name}_events` }).migrate()
      const [proxy, front] = [await TcpProxy.before(postgres.url), await TcpProxy.before(postgres.url)]
      await Promise.all([proxy.start(), front.start()])
      const by = (port: string | number) => Object.assign(new URL(postgres.url), { port }).href
      const url = by(proxy.port)
      return {
        backend: { kind: 'postgres', url, frontUrl: by(front.port), ordersUrl: isWithin ? url : postgres.url, name },
        server: proxy,
        front,
        rows,
        drained: () => drained(rows),
        orders: async () => {
          const { rows: counted } = await pool.query(
            `SELECT event_id, count(*)::int FROM ${name}_orders GROUP BY event_id`,
          )
          return new Map(counted.map(({ event_id, count }) => [event_id, count]))
        },
        close: async () => {
          await Promise.all([proxy.stop(), front.stop()])
          const { rows: tables } = await pool.query(`SELECT tablename FROM pg_tables WHERE tablename LIKE '${name}%'`)
          for (const { tablename } of tables) await pool.query(`DROP TABLE ${tablename}`)
          await pool.end()
        },
      }
    },
  },
  ['workers', 'races'],
)
