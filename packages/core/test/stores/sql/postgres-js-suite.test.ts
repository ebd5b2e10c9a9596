import { postgresStore } from '@mailbox-hooks/core/sql'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import postgresJs from 'postgres'
import { findPostgres, runName } from '../../../../../test/servers/services.js'
import { earlier } from './postgres-time.js'

const postgres = await findPostgres()

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
})
