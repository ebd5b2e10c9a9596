import { PGlite } from '@electric-sql/pglite'
import { postgresJournalStore } from '@mailbox-hooks/journal'
import { journalSuite } from '@mailbox-hooks/testing/suites'
import { TABLES, timePasses } from './time-passes.js'

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
