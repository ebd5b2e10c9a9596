import { mysqlStore } from '@mailbox-hooks/core/sql'
import { mysqlJournalStore } from '@mailbox-hooks/journal'
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise'
import type { Backend, OpenBackend } from './backend.js'

export function openMysql({ url, frontUrl = url, ordersUrl, name }: Backend): OpenBackend {
  const pool = createPool({ uri: url, connectionLimit: 4 })
  const front = createPool({ uri: frontUrl, connectionLimit: 4 })
  const own = createPool({ uri: ordersUrl, connectionLimit: 10 })
  const insert = `INSERT INTO ${name}_orders (event_id) VALUES (?)`
  return {
    store: mysqlStore(front, { table: `${name}_events` }),
    rows: () => mysqlJournalStore(pool, { table: name }),
    orders: {
      add: async (id, tx = own) => {
        await (tx as Pool | PoolConnection).query(insert, [id])
      },
      inTransaction: async (act) => {
        const connection = await own.getConnection()
        try {
          await connection.beginTransaction()
          await act(connection)
          await connection.commit()
          connection.release()
        } catch (error) {
          await connection.rollback().then(
            () => connection.release(),
            () => connection.destroy(),
          )
          throw error
        }
      },
    },
  }
}
