import { PGlite } from '@electric-sql/pglite'
import { postgresStore } from '@mailbox-hooks/core/sql'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import { earlier } from './postgres-time.js'

storeSuite({
  name: 'postgresStore by PGlite',
  open: async () => {
    const database = await PGlite.create()
    const store = postgresStore(database)
    await store.migrate()
    return {
      store,
      another: async () => postgresStore(database),
      clear: async () => {
        await database.exec('DELETE FROM mailbox_hooks_events; DELETE FROM mailbox_hooks_events_entities')
      },
      pass: async (ms) => void (await database.exec(earlier('mailbox_hooks_events', ms))),
      close: () => database.close(),
    }
  },
  differences: { noClock: { reason: 'it runs in this process, and asks this process for the time' } },
})
