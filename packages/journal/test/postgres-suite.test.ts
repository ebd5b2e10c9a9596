import { PGlite } from '@electric-sql/pglite'
import { postgresJournalStore } from '@mailbox-hooks/journal'
import { journalSuite, type UserTransaction } from '@mailbox-hooks/testing/suites'
import pg from 'pg'
import postgresJs from 'postgres'
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

journalSuite({
  name: 'postgresJournalStore by postgres.js',
  skip: postgres.isAbsent,
  open: async () => {
    const table = runName()
    const first = postgresJs(postgres.url, { max: 4 })
    const clients = [first]
    const store = postgresJournalStore(first, { table })
    await store.migrate()
    return {
      store,
      another: async () => {
        const sql = postgresJs(postgres.url, { max: 1 })
        clients.push(sql)
        return postgresJournalStore(sql, { table })
      },
      begin: () => transactionOf(first),
      pass: async (ms) => {
        await first.unsafe(timePasses(table, ms).join('; '))
      },
      clear: async () => {
        await first.unsafe(TABLES.map((suffix) => `DELETE FROM ${table}${suffix}`).join('; '))
      },
      close: async () => {
        await first.unsafe([...TABLES, '_meta'].map((suffix) => `DROP TABLE ${table}${suffix}`).join('; '))
        await Promise.all(clients.map((sql) => sql.end()))
      },
    }
  },
})

/** A transaction of postgres.js lasts as long as its function. */
function transactionOf(sql: postgresJs.Sql): Promise<UserTransaction> {
  return new Promise((resolve, reject) => {
    let [end, undo] = [() => {}, (_: Error) => {}]
    const ending = new Promise<void>((commit, rollback) => {
      ;[end, undo] = [commit, rollback]
    })
    const done = sql.begin(async (within) => {
      resolve({
        within,
        commit: async () => {
          end()
          await done
        },
        rollback: async () => {
          undo(new Error('rolled back'))
          await done.catch(() => undefined)
        },
      })
      await ending
    })
    done.catch(reject)
  })
}

journalSuite({
  name: 'postgresJournalStore by PGlite',
  open: async () => {
    const table = 'mailbox_hooks_journal'
    const database = await PGlite.create()
    const store = postgresJournalStore(database)
    await store.migrate()
    return {
      store,
      another: async () => postgresJournalStore(database),
      pass: async (ms) => {
        await database.exec(timePasses(table, ms).join('; '))
      },
      clear: async () => {
        await database.exec(TABLES.map((suffix) => `DELETE FROM ${table}${suffix}`).join('; '))
      },
      close: () => database.close(),
    }
  },
  differences: {
    noClock: { reason: 'it runs in this process, and asks this process for the time' },
    noTransactions: { reason: 'a transaction of its only connection keeps everything else waiting' },
  },
})
