import { postgresStore } from '@mailbox-hooks/core/sql'
import pg from 'pg'
import { findPostgres, runName } from '../servers/services.js'
import { TcpProxy } from '../servers/tcp-proxy.js'
import { chaosSuite } from './chaos-suite.js'

const postgres = await findPostgres()

chaosSuite({
  name: 'postgresStore',
  skip: postgres.isAbsent,
  hasTransactions: true,
  open: async (isWithin) => {
    const name = runName()
    const pool = new pg.Pool({ connectionString: postgres.url, max: 1 })
    await postgresStore(pool, { table: `${name}_events` }).migrate()
    await pool.query(`CREATE TABLE ${name}_orders (event_id text NOT NULL)`)
    const proxy = await (await TcpProxy.before(postgres.url)).start()
    const url = Object.assign(new URL(postgres.url), { port: proxy.port }).href
    return {
      backend: { kind: 'postgres', url, ordersUrl: isWithin ? url : postgres.url, name },
      server: proxy,
      orders: async () => {
        const { rows } = await pool.query(`SELECT event_id, count(*)::int FROM ${name}_orders GROUP BY event_id`)
        return new Map(rows.map(({ event_id, count }) => [event_id, count]))
      },
      close: async () => {
        await proxy.stop()
        await pool.query(`DROP TABLE ${name}_events, ${name}_events_entities, ${name}_orders`)
        await pool.end()
      },
    }
  },
})
