import { createRequire } from 'node:module'
import { neon } from '@neondatabase/serverless'
import LibsqlPromise from 'libsql/promise'
import { createPool as createMariadbPool } from 'mariadb'
import { createPool as createCallbackPool } from 'mysql2'
import { createPool, createPoolCluster } from 'mysql2/promise'
import pgPromise from 'pg-promise'
import { expect, it } from 'vitest'

const require = createRequire(import.meta.url)
const URL = 'postgres://nobody@127.0.0.1:1/none'
const POOL = { host: '127.0.0.1', port: 1 }

type Database = 'postgres' | 'mysql' | 'sqlite'

/** No connection is made before something is asked for, and nothing is asked for here. */
const REFUSED: readonly (readonly [name: string, database: Database, make: () => unknown, say: string])[] = [
  ["neon's HTTP function", 'postgres', () => neon('postgres://u:p@ep-x.neon.tech/none'), 'Pass its Pool'],
  ['pg-promise', 'postgres', () => pgPromise({ noWarnings: true })(URL), 'db.$pool'],
  ['mysql2 for PostgreSQL', 'postgres', () => createPool(POOL), 'mysqlStore and mysqlJournal take a pool'],
  ['mariadb for PostgreSQL', 'postgres', () => createMariadbPool(POOL), 'mysqlStore and mysqlJournal take a pool'],
  ['mariadb', 'mysql', () => createMariadbPool(POOL), 'Pass a pool of mysql2/promise'],
  ['a cluster of mysql2', 'mysql', () => createPoolCluster(), 'Pass one pool'],
  ['a pool of mysql2 with callbacks', 'mysql', () => createCallbackPool(POOL), 'pool.promise()'],
  ['libsql/promise', 'sqlite', () => new LibsqlPromise(':memory:', {}), 'uses promises, as libsql/promise does'],
  ['sql.js', 'sqlite', async () => new (await require('sql.js')()).Database(), 'sql.js is in memory only'],
  ['D1', 'sqlite', () => d1(), 'a D1 binding uses promises'],
]

/** Tests that stores, or journals, refuse clients that they cannot use. `take` passes a client to the one of that database. */
export function refusesOtherSqlClients(take: Readonly<Record<Database, (client: never) => unknown>>): void {
  it.each(REFUSED)('is refused at start: %s', async (_name, database, make, say) => {
    // As a caller may pass it: some of them have the type.
    const client = (await make()) as never
    expect(() => take[database](client)).toThrow(TypeError)
    expect(() => take[database](client)).toThrow(say)
  })
}

/** A D1 binding exists on Cloudflare's runtime alone: this has the shape of one. */
function d1() {
  const statement = { bind: () => statement, first: async () => null, run: async () => ({}), all: async () => ({}) }
  return {
    prepare: () => statement,
    batch: async () => [],
    exec: async () => ({}),
    dump: async () => new ArrayBuffer(0),
  }
}
