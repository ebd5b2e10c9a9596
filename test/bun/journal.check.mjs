// Runs on Bun alone: `npm run test:bun`.
import { postgresJournalStore } from '@mailbox-hooks/journal'
import { journalSuite } from '@mailbox-hooks/testing/suites'
import { TABLES, timePasses } from '../../packages/journal/test/time-passes.js'
import { findPostgres, runName } from '../servers/services.js'

const { SQL } = globalThis.Bun
const postgres = await findPostgres()

journalSuite({
  name: 'postgresJournalStore by Bun.SQL',
  skip: postgres.isAbsent,
  open: async () => {
    const table = runName()
    const clients = []
    const connect = (max) => {
      const sql = new SQL(postgres.url, { max })
      clients.push(sql)
      return sql
    }
    const first = connect(4)
    const store = postgresJournalStore(first, { table })
    await store.migrate()
    const forAll = (write, tables) => first.unsafe(tables.map((suffix) => write(`${table}${suffix}`)).join('; '))
    return {
      store,
      another: async () => postgresJournalStore(connect(1), { table }),
      begin: () => begun(first),
      pass: async (ms) => void (await first.unsafe(timePasses(table, ms).join('; '))),
      clear: async () => void (await forAll((name) => `DELETE FROM ${name}`, TABLES)),
      close: async () => {
        await forAll((name) => `DROP TABLE ${name}`, [...TABLES, '_meta'])
        await Promise.all(clients.map((sql) => sql.end()))
      },
    }
  },
})

/** A transaction that stays open until it is told how to end. */
async function begun(sql) {
  const begin = Promise.withResolvers()
  const decision = Promise.withResolvers()
  const ended = sql
    .begin((within) => {
      begin.resolve(within)
      return decision.promise
    })
    .catch(() => undefined)
  const within = await begin.promise
  const end = (decide) => async () => {
    decide(new Error('rolled back'))
    await ended
  }
  return { within, commit: end(decision.resolve), rollback: end(decision.reject) }
}
