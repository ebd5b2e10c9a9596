import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DedupStore } from '@mailbox-hooks/core'
import { type RedisClientLike, redisStore } from '@mailbox-hooks/core/redis'
import { mysqlStore, postgresStore, sqliteStore } from '@mailbox-hooks/core/sql'
import type Database from 'better-sqlite3'
import { createPool } from 'mysql2/promise'
import pg from 'pg'
import { createClient } from 'redis'
import { ABOUT, LEASE_MS } from '../measure/fresh-key.js'

/** Connections for each side. */
const CONNECTIONS = 10

/** A database with our store, and what it is compared with. */
export interface BenchDatabase {
  readonly store: DedupStore
  /** The same store with a statement for each row; on Redis, which needs no batches, the bare command by hand. */
  claimSingly(key: string): Promise<unknown>
  close(): Promise<void>
}

/** A name that nothing else in a shared database has. */
const runName = () => `bench_${process.pid}_${Date.now().toString(36)}`

export async function openPostgres(): Promise<BenchDatabase> {
  const connectionString = process.env.POSTGRES_URL ?? 'postgres://root@127.0.0.1:5432/test'
  const table = runName()
  const pools = [0, 1].map(() => new pg.Pool({ connectionString, max: CONNECTIONS })) as [pg.Pool, pg.Pool]
  const store = postgresStore(pools[0], { table })
  const single = postgresStore(pools[1], { table, batch: false })
  await store.migrate()
  return {
    store,
    claimSingly: (key) => single.claim(key, LEASE_MS, ABOUT),
    close: async () => {
      await pools[1].query(`DROP TABLE ${table}, ${table}_entities`)
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

export async function openMariadb(): Promise<BenchDatabase> {
  const uri = process.env.MYSQL_URL ?? 'mysql://root@127.0.0.1:3306/test'
  const table = runName()
  const pools = [0, 1].map(() => createPool({ uri, connectionLimit: CONNECTIONS }))
  const [batched, unbatched] = pools as [(typeof pools)[0], (typeof pools)[0]]
  const store = mysqlStore(batched, { table })
  const single = mysqlStore(unbatched, { table, batch: false })
  await store.migrate()
  return {
    store,
    claimSingly: (key) => single.claim(key, LEASE_MS, ABOUT),
    close: async () => {
      await batched.query(`DROP TABLE ${table}, ${table}_entities`)
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

/** better-sqlite3; undefined where it could be neither fetched nor compiled when it was installed. */
export async function findSqlite(): Promise<typeof Database | undefined> {
  try {
    const { default: Database } = await import('better-sqlite3')
    // The native part is loaded with the first database.
    new Database(':memory:').close()
    return Database
  } catch {
    console.warn('SQLite is not measured: better-sqlite3 does not load.')
    return undefined
  }
}

export async function openSqlite(Sqlite: typeof Database): Promise<BenchDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'mailbox-hooks-bench-'))
  const databases = ['batched', 'single'].map((name) => {
    const database = new Sqlite(join(directory, `${name}.db`))
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    // As docs/stores.md advises: rows lie in the order of their hashes, and their pages are copied once and not each time.
    database.pragma('wal_autocheckpoint = 10000')
    return database
  })
  const [batched, unbatched] = databases as [(typeof databases)[0], (typeof databases)[0]]
  const store = sqliteStore(batched)
  const single = sqliteStore(unbatched, { batch: false })
  await store.migrate()
  await single.migrate()
  return {
    store,
    claimSingly: (key) => single.claim(key, LEASE_MS, ABOUT),
    close: async () => {
      for (const database of databases) database.close()
      await rm(directory, { recursive: true })
    },
  }
}

export async function openRedis(): Promise<BenchDatabase & { commandsPerClaim(): Promise<number> }> {
  const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'
  const prefix = `${runName()}:`
  const [ours, hand] = await Promise.all([createClient({ url }).connect(), createClient({ url }).connect()])
  return {
    store: redisStore(ours, { prefix }),
    claimSingly: (key) => hand.set(`${prefix}${key}`, '1', { NX: true, PX: 15_000 }),
    // Its keys would outlast their leases by a day.
    close: async () => {
      for await (const keys of hand.scanIterator({ MATCH: `${prefix}*`, COUNT: 10_000 })) {
        if (keys.length > 0) await hand.unlink(keys)
      }
      await Promise.all([ours.close(), hand.close()])
    },
    commandsPerClaim: () => commandsPerClaim(ours, prefix),
  }
}

/** Counts what a store sends, by a client that notes every command. */
async function commandsPerClaim(client: RedisClientLike, prefix: string): Promise<number> {
  let commands = 0
  const counting = new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        commands++
        return value.apply(target, args)
      }
    },
  })
  const store = redisStore(counting, { prefix })
  const claims = 100
  for (let claim = 0; claim < claims; claim++) {
    await store.claim(`counted_${claim}`, 15_000, { provider: 'openmail', type: 'message.received' })
  }
  return commands / claims
}
