import { createRequire } from 'node:module'
import { redisStore } from '@mailbox-hooks/core/redis'
import { mysqlStore, postgresStore, sqliteStore } from '@mailbox-hooks/core/sql'
import { Pool as NeonPool } from '@neondatabase/serverless'
import { Redis as UpstashRedis } from '@upstash/redis'
import { createClient as createKv } from '@vercel/kv'
import { Redis } from 'ioredis'
import { createPool } from 'mysql2/promise'
import pg from 'pg'
import pgPromise from 'pg-promise'
import { createClient } from 'redis'
import { createClient as createClient4 } from 'redis-4'
import { describe, expect, it } from 'vitest'
import { refusesOtherSqlClients } from './sql/other-sql-clients.js'

const require = createRequire(import.meta.url)
const URL = 'postgres://nobody@127.0.0.1:1/none'
const HTTP = { url: 'http://127.0.0.1:1', token: 'none' }
const POOL = { host: '127.0.0.1', port: 1 }

/** No connection is made before something is asked for, and nothing is asked for here. */
const REFUSED: readonly (readonly [
  name: string,
  store: (client: never) => unknown,
  make: () => unknown,
  say: string,
])[] = [
  ['a pipeline of @upstash/redis', redisStore, () => new UpstashRedis(HTTP).pipeline(), 'Pass the client itself'],
  ['a transaction of @vercel/kv', redisStore, () => createKv(HTTP).multi(), 'Pass the client itself'],
  ['redis 3', redisStore, () => callbackClient(), 'uses callbacks'],
  ['redis 4 in its legacy mode', redisStore, () => createClient4({ legacyMode: true }), 'uses callbacks'],
  ['a transaction of redis', redisStore, () => createClient().multi(), 'Pass the client itself'],
  ['a pipeline of ioredis', redisStore, () => new Redis({ lazyConnect: true }).pipeline(), 'Pass the client itself'],
]

describe('a client that no store supports', () => {
  it.each(REFUSED)('is refused at start: %s', async (_name, store, make, say) => {
    // As a caller may pass it: some of them have the type.
    const client = (await make()) as never
    expect(() => store(client)).toThrow(TypeError)
    expect(() => store(client)).toThrow(say)
  })

  refusesOtherSqlClients({ postgres: postgresStore, mysql: mysqlStore, sqlite: sqliteStore })
})

const TAKEN: readonly (readonly [name: string, store: (client: never) => unknown, make: () => unknown])[] = [
  ['the pool that pg-promise keeps', postgresStore, () => pgPromise({ noWarnings: true })(`${URL}?x`).$pool],
  ['the pool of @neondatabase/serverless', postgresStore, () => new NeonPool({ connectionString: URL })],
  ['a client of pg', postgresStore, () => new pg.Client(URL)],
  ['a pool of pg', postgresStore, () => new pg.Pool({ connectionString: URL })],
  ['a function around a pool of pg', postgresStore, () => ({ query: () => Promise.resolve({ rows: [] }) })],
  ['a pool of mysql2', mysqlStore, () => createPool(POOL)],
  ['a client of redis', redisStore, () => createClient()],
  ['a client of ioredis', redisStore, () => new Redis({ lazyConnect: true })],
  ['a client of @upstash/redis', redisStore, () => new UpstashRedis(HTTP)],
  ['a client of @vercel/kv', redisStore, () => createKv(HTTP)],
]

it.each(TAKEN)('is taken: %s', (_name, store, make) => {
  expect(store(make() as never)).toBeDefined()
})

/** redis 3, which has no types. It connects at once, and to nothing. */
function callbackClient(): unknown {
  const client = require('redis-3').createClient({ port: 1, retry_strategy: () => undefined })
  client.on('error', () => {})
  return client
}
