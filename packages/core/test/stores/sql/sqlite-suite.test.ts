import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from '@mailbox-hooks/core/sql'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import { DRIVERS, type SqliteDatabase } from './sqlite-drivers.js'

/** The one driver with which the suite waits for SQLite's own clock; none while mistakes are planted. */
const WAITS = process.env.MUTANTS === undefined ? 'libsql' : undefined

/** Makes each row end sooner. */
const earlier = (ms: number) =>
  ['', '_entities'].map((suffix) => `UPDATE mailbox_hooks_events${suffix} SET expires_at = ${moved(ms)}`).join(';')

const moved = (ms: number) => `strftime('%Y-%m-%d %H:%M:%f', expires_at, '-${ms / 1000} seconds')`

for (const { name, isAbsent, open } of DRIVERS) {
  storeSuite({
    name: `sqliteStore by ${name}`,
    skip: isAbsent,
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mailbox-hooks-'))
      const databases: SqliteDatabase[] = []
      const another = async () => {
        const database = open(join(folder, 'webhooks.db'))
        databases.push(database)
        return sqliteStore(database)
      }
      const store = await another()
      await store.migrate()
      const clear = async () => {
        databases[0]?.exec('DELETE FROM mailbox_hooks_events; DELETE FROM mailbox_hooks_events_entities')
      }
      const close = async () => {
        for (const database of databases) database.close()
        await rm(folder, { recursive: true })
      }
      const pass = async (ms: number) => void databases[0]?.exec(earlier(ms))
      return { store, another, clear, close, ...(name !== WAITS && { pass }) }
    },
  })
}
