import { postgresStore } from '@mailbox-hooks/core/sql'
import { postgresJournalStore } from '@mailbox-hooks/journal'
import pg from 'pg'
import type { Backend, OpenBackend } from './backend.js'

const ignore = () => {}

export function openPostgres({ url, frontUrl = url, ordersUrl, name }: Backend): OpenBackend {
  const pool = new pg.Pool({ connectionString: url, max: 4 }).on('error', ignore)
  const front = new pg.Pool({ connectionString: frontUrl, max: 4 }).on('error', ignore)
  const own = new pg.Pool({ connectionString: ordersUrl, max: 10 }).on('error', ignore)
  const insert = `INSERT INTO ${name}_orders (event_id) VALUES ($1)`
  return {
    store: postgresStore(front, { table: `${name}_events` }),
    rows: () => postgresJournalStore(pool, { table: name }),
    orders: {
      add: async (id, tx = own) => {
        await (tx as pg.Pool | pg.PoolClient).query(insert, [id])
      },
      inTransaction: async (act) => {
        const client = await own.connect()
        // While no query is under way nobody else hears of a lost connection, and it would end the process.
        client.on('error', ignore)
        try {
          await client.query('BEGIN')
          await act(client)
          await client.query('COMMIT')
          client.off('error', ignore).release()
        } catch (error) {
          await client.query('ROLLBACK').then(
            () => client.off('error', ignore).release(),
            () => client.release(true),
          )
          throw error
        }
      },
    },
  }
}
