import { postgresStore } from '@mailbox-hooks/core/sql'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import pg from 'pg'
import postgresJs from 'postgres'
import { findPostgres, runName } from '../../../../../test/servers/services.js'
import { earlier } from './postgres-time.js'

const postgres = await findPostgres()
const differences = {
  connections: { count: 40, reason: 'the server allows 100, and other suites run beside this one' },
}

for (const [kind, options] of Object.entries({ prepared: {}, unprepared: { prepare: false } })) {
  storeSuite({
    name: `postgresStore by pg, ${kind} statements`,
    skip: postgres.isAbsent,
    open: async () => {
      const table = runName()
      const pools: pg.Pool[] = []
      const another = async () => {
        const pool = new pg.Pool({ connectionString: postgres.url, max: 1 })
        pools.push(pool)
        return postgresStore(pool, { table, ...options })
      }
      const store = await another()
      await store.migrate()
      const clear = async () => {
        await pools[0]?.query(`DELETE FROM "${table}"; DELETE FROM "${table}_entities"`)
      }
      const pass = async (ms: number) => void (await pools[0]?.query(earlier(table, ms)))
      const close = async () => {
        await pools[0]?.query(`DROP TABLE "${table}", "${table}_entities"`)
        await Promise.all(pools.map((pool) => pool.end()))
      }
      // Prepared ones wait for the database's own clock.
      return { store, another, clear, close, ...(kind === 'unprepared' && { pass }) }
    },
    differences,
  })
}

storeSuite({
  name: 'postgresStore by postgres.js',
  skip: postgres.isAbsent,
  open: async () => {
    const table = runName()
    const first = postgresJs(postgres.url, { max: 1 })
    const clients = [first]
    const another = async () => {
      const sql = postgresJs(postgres.url, { max: 1 })
      clients.push(sql)
      return postgresStore(sql, { table })
    }
    const store = await another()
    await store.migrate()
    const clear = async () => {
      await first.unsafe(`DELETE FROM "${table}"; DELETE FROM "${table}_entities"`)
    }
    const pass = async (ms: number) => void (await first.unsafe(earlier(table, ms)))
    const close = async () => {
      await first.unsafe(`DROP TABLE "${table}", "${table}_entities"`)
      await Promise.all(clients.map((sql) => sql.end()))
    }
    return { store, another, clear, close, pass }
  },
  differences,
})
