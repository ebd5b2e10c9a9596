import { mysqlStore } from '@mailbox-hooks/core/sql'
import { mysqlJournalStore } from '@mailbox-hooks/journal'
import { createPool, type RowDataPacket } from 'mysql2/promise'
import { findMysql, runName } from '../servers/services.js'
import { TcpProxy } from '../servers/tcp-proxy.js'
import { drained } from './drained.js'
import { journalChaos } from './journal-suite.js'

const mysql = await findMysql()

journalChaos(
  {
    name: 'mysqlJournal',
    skip: mysql.isAbsent,
    hasTransactions: true,
    open: async (isWithin) => {
      const name = runName()
      const pool = createPool({ uri: mysql.url, connectionLimit: 2 })
      const rows = mysqlJournalStore(pool, { table: name })
      await rows.migrate()
      await mysqlStore(pool, { table: `${name}_events` }).migrate()
      await pool.query(`CREATE TABLE ${name}_orders (event_id text NOT NULL)`)
      const [proxy, front] = [await TcpProxy.before(mysql.url), await TcpProxy.before(mysql.url)]
      await Promise.all([proxy.start(), front.start()])
      const by = (port: string | number) => Object.assign(new URL(mysql.url), { port }).href
      const url = by(proxy.port)
      return {
        backend: { kind: 'mysql', url, frontUrl: by(front.port), ordersUrl: isWithin ? url : mysql.url, name },
        server: proxy,
        front,
        rows,
        drained: () => drained(rows),
        orders: async () => {
          const [counted] = await pool.query<RowDataPacket[]>(
            `SELECT event_id, count(*) AS count FROM ${name}_orders GROUP BY event_id`,
          )
          return new Map(counted.map(({ event_id, count }) => [event_id, count]))
        },
        close: async () => {
          await Promise.all([proxy.stop(), front.stop()])
          const [tables] = await pool.query<RowDataPacket[]>(`SHOW TABLES LIKE '${name}%'`)
          for (const table of tables) await pool.query(`DROP TABLE ${Object.values(table)[0]}`)
          await pool.end()
        },
      }
    },
  },
  ['requests'],
)
