import { postgresJournalStore } from '@mailbox-hooks/journal'
import { journalSuite } from '@mailbox-hooks/testing/suites'
import pg from 'pg'
import { findPostgres, runName } from '../../../test/servers/services.js'
import { TABLES, timePasses } from './time-passes.js'

const postgres = await findPostgres()

for (const [kind, options] of Object.entries({ prepared: {}, unprepared: { prepare: false } })) {
  journalSuite({
    name: `postgresJournalStore by pg, ${kind} statements`,
    skip: postgres.isAbsent,
    open: async () => {
      const table = runName()
      const pools: pg.Pool[] = []
      const openPool = (max: number) => {
        const pool = new pg.Pool({ connectionString: postgres.url, max })
        pools.push(pool)
        return pool
      }
      const first = openPool(4)
      const store = postgresJournalStore(first, { table, ...options })
      await store.migrate()
      const forAll = (write: (table: string) => string, tables: readonly string[]) =>
        first.query(tables.map((suffix) => write(`${table}${suffix}`)).join('; '))
      return {
        store,
        another: async () => postgresJournalStore(openPool(1), { table, ...options }),
        begin: async () => {
          const within = await first.connect()
          await within.query('BEGIN')
          const end = async (word: string) => {
            await within.query(word)
            within.release()
          }
          return { within, commit: () => end('COMMIT'), rollback: () => end('ROLLBACK') }
        },
        pass: async (ms) => {
          await first.query(timePasses(table, ms).join('; '))
        },
        clear: async () => {
          await forAll((name) => `DELETE FROM ${name}`, TABLES)
        },
        close: async () => {
          await forAll((name) => `DROP TABLE ${name}`, [...TABLES, '_meta'])
          await Promise.all(pools.map((pool) => pool.end()))
        },
      }
    },
  })
}
