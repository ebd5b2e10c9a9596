// Runs on Bun alone: `npm run test:bun`.

import { Database } from 'bun:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresStore, sqliteStore } from '@mailbox-hooks/core/sql'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import { describe, expect, it, onTestFinished } from 'vitest'
import { redisSuite } from '../../packages/core/test/stores/redis/redis-suite.js'
import { findPostgres, runName } from '../servers/services.js'

const { RedisClient, SQL } = globalThis.Bun
const postgres = await findPostgres()

storeSuite({
  name: 'postgresStore by Bun.SQL',
  skip: postgres.isAbsent,
  open: async () => {
    const table = runName()
    const clients = []
    const connect = () => {
      const sql = new SQL(postgres.url, { max: 1 })
      clients.push(sql)
      return sql
    }
    const admin = connect()
    const another = async () => postgresStore(connect(), { table })
    const store = await another()
    await store.migrate()
    return {
      store,
      another,
      clear: async () => void (await admin.unsafe(`DELETE FROM "${table}"; DELETE FROM "${table}_entities"`)),
      close: async () => {
        await admin.unsafe(`DROP TABLE "${table}", "${table}_entities"`)
        await Promise.all(clients.map((sql) => sql.end()))
      },
    }
  },
})

storeSuite({
  name: 'sqliteStore by bun:sqlite',
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailbox-hooks-bun-'))
    const databases = []
    const another = async () => {
      const database = new Database(join(folder, 'webhooks.db'))
      database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
      databases.push(database)
      return sqliteStore(database)
    }
    const store = await another()
    await store.migrate()
    return {
      store,
      another,
      clear: async () => {
        databases[0].exec('DELETE FROM mailbox_hooks_events; DELETE FROM mailbox_hooks_events_entities')
      },
      close: async () => {
        for (const database of databases) database.close()
        rmSync(folder, { recursive: true })
      },
    }
  },
  differences: { noClock: { reason: 'it runs in this process, and asks this process for the time' } },
})

redisSuite('Bun.RedisClient', async (url) => {
  const client = new RedisClient(url)
  await client.connect()
  return { client, close: () => client.close() }
})

describe.skipIf(postgres.isAbsent)('complete({ within }) in a transaction of Bun.SQL', () => {
  it('marks an event if the transaction commits, and not if it is rolled back', async () => {
    const table = runName()
    const sql = new SQL(postgres.url, { max: 4 })
    const store = postgresStore(sql, { table })
    await store.migrate()
    onTestFinished(async () => {
      await sql.unsafe(`DROP TABLE "${table}", "${table}_entities"`)
      await sql.end()
    })
    const claim = async (key) => (await store.claim(key, 60_000, { provider: 'openmail', type: 'opened' })).token
    const [kept, undone] = [await claim('evt_1'), await claim('evt_2')]

    await sql.begin((within) => store.complete('evt_1', kept, 60_000, { within }))
    const rolledBack = sql.begin(async (within) => {
      await store.complete('evt_2', undone, 60_000, { within })
      throw new Error('rolled back')
    })
    await expect(rolledBack).rejects.toThrow('rolled back')

    expect([await store.isDone('evt_1', kept), await store.isDone('evt_2', undone)]).toEqual([true, false])
  })
})
