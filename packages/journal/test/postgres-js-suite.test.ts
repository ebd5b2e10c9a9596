import { postgresJournalStore } from '@mailbox-hooks/journal'
import { journalSuite, type UserTransaction } from '@mailbox-hooks/testing/suites'
import postgresJs from 'postgres'
import { findPostgres, runName } from '../../../test/servers/services.js'
import { TABLES, timePasses } from './time-passes.js'

const postgres = await findPostgres()

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
