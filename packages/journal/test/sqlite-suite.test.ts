import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteJournalStore } from '@mailbox-hooks/journal'
import { journalSuite } from '@mailbox-hooks/testing/suites'
import { DRIVERS, type SqliteDatabase } from '../../core/test/stores/sql/sqlite-drivers.js'
import { TABLES, timePasses } from './time-passes.js'

const TABLE = 'mailbox_hooks_journal'

for (const { name, isAbsent, open } of DRIVERS) {
  journalSuite({
    name: `sqliteJournalStore by ${name}`,
    skip: isAbsent,
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mailbox-hooks-'))
      const databases: SqliteDatabase[] = []
      const openDatabase = () => {
        const database = open(join(folder, 'journal.db'))
        databases.push(database)
        return database
      }
      const first = openDatabase()
      const store = sqliteJournalStore(first)
      await store.migrate()
      return {
        store,
        another: async () => sqliteJournalStore(openDatabase()),
        begin: async () => {
          const within = openDatabase()
          within.exec('BEGIN IMMEDIATE')
          return {
            within,
            commit: async () => void within.exec('COMMIT'),
            rollback: async () => void within.exec('ROLLBACK'),
          }
        },
        pass: async (ms) => {
          for (const statement of timePasses(TABLE, ms)) first.exec(statement)
        },
        clear: async () => {
          for (const suffix of TABLES) first.exec(`DELETE FROM ${TABLE}${suffix}`)
        },
        close: async () => {
          for (const database of databases) database.close()
          await rm(folder, { recursive: true })
        },
      }
    },
  })
}
