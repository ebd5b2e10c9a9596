import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { memoryStore } from '@mailbox-hooks/core'
import { durableObjectStore } from '@mailbox-hooks/core/durable-object'
import { postgresStore, sqliteStore } from '@mailbox-hooks/core/sql'
import Libsql from 'libsql'
import { FakeNamespace } from '../../packages/core/test/stores/durable-object/fake-object.js'
import type { Site } from './store-under-test.js'

export interface OpenSite extends Site {
  close(): Promise<unknown>
}

export async function memorySite(): Promise<OpenSite> {
  let now = 0
  const store = memoryStore({ now: () => now })
  return {
    stores: [store, store, store],
    pass: async (ms) => {
      now += ms
    },
    close: async () => {},
  }
}

/*
 * The clock of a database cannot be put forward, but what it remembers can be put back: to the store it is the same.
 */

export async function sqliteSite(): Promise<OpenSite> {
  const folder = await mkdtemp(join(tmpdir(), 'mailbox-hooks-model-'))
  const open = () => {
    const database = new Libsql(join(folder, 'webhooks.db'), { timeout: 5_000 })
    // Nothing here has to survive a power cut.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    return database
  }
  const databases = [open(), open()] as const
  const [shared, other] = [sqliteStore(databases[0]), sqliteStore(databases[1])]
  await shared.migrate()
  const putBack = databases[0].prepare(
    `UPDATE mailbox_hooks_events SET expires_at = strftime('%Y-%m-%d %H:%M:%f', expires_at, printf('%+f seconds', ?))`,
  )
  return {
    stores: [shared, shared, other],
    pass: async (ms) => {
      putBack.run(-ms / 1000)
    },
    purge: () => shared.purge(),
    close: async () => {
      for (const database of databases) database.close()
      await rm(folder, { recursive: true })
    },
  }
}

export async function pgliteSite(): Promise<OpenSite> {
  const database = await PGlite.create()
  const [shared, other] = [postgresStore(database), postgresStore(database)]
  await shared.migrate()
  return {
    stores: [shared, shared, other],
    pass: async (ms) => {
      await database.query(
        `UPDATE mailbox_hooks_events SET expires_at = expires_at - $1::float8 * interval '1 millisecond'`,
        [ms],
      )
    },
    purge: () => shared.purge(),
    close: () => database.close(),
  }
}

export async function durableObjectSite(): Promise<OpenSite> {
  const namespace = new FakeNamespace()
  const [shared, other] = [durableObjectStore(namespace), durableObjectStore(namespace)]
  // The object is created by its first call.
  await shared.position!('')
  const { database } = namespace.only
  const putBack = database.prepare('UPDATE events SET ends_at = ends_at - ?1, forget_at = forget_at - ?1')
  return {
    stores: [shared, shared, other],
    pass: async (ms) => {
      putBack.run(ms)
    },
    purge: () => namespace.only.ring(),
    close: async () => {
      database.close()
    },
  }
}
