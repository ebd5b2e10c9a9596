import { mysqlStore } from '@mailbox-hooks/core/sql'
import { createPool, type RowDataPacket } from 'mysql2/promise'
import { findMysql, runName } from '../servers/services.js'
import { TcpProxy } from '../servers/tcp-proxy.js'
import { chaosSuite } from './chaos-suite.js'

const mysql = await findMysql()

chaosSuite({
  name: 'mysqlStore',
  skip: mysql.isAbsent,
  hasTransactions: true,
  open: async (isWithin) => {
    const name = runName()
    const pool = createPool({ uri: mysql.url, connectionLimit: 1 })
    await mysqlStore(pool, { table: `${name}_events` }).migrate()
    await pool.query(`CREATE TABLE ${name}_orders (event_id text NOT NULL)`)
    const proxy = await (await TcpProxy.before(mysql.url)).start()
    const url = Object.assign(new URL(mysql.url), { port: proxy.port }).href
    return {
      backend: { kind: 'mysql', url, ordersUrl: isWithin ? url : mysql.url, name },
      server: proxy,
      orders: async () => {
        const [rows] = await pool.query<RowDataPacket[]>(
          `SELECT event_id, count(*) AS count FROM ${name}_orders GROUP BY event_id`,
        )
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
