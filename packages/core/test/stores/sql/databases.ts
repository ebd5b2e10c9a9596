import { mysqlStore, postgresStore, type SqlStore } from '@mailbox-hooks/core/sql'
import { createPool, type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { findMysql, findPostgres, runName } from '../../../../../test/servers/services.js'

/** A transaction of the user's. */
export interface Transaction {
  /** The argument of `complete({ within })`. */
  readonly within: unknown
  run(sql: string): Promise<unknown>
  commit(): Promise<void>
  rollback(): Promise<void>
}

export interface AnotherStore extends Watcher {
  readonly connections?: number
  /** The option of the store. */
  readonly batch?: boolean
}

/** Told of a pool's statements, and of those that fail, which a store may mend without a word. */
interface Watcher {
  readonly onStatement?: () => void
  readonly onError?: (error: unknown) => void
}

/** A table of events and one of orders, as a service would have them. */
export interface Database {
  readonly store: SqlStore
  /** The pool, client or database that the store was given. */
  readonly pool: unknown
  readonly events: string
  readonly orders: string
  /** The same table by connections of its own, as another process has them. */
  another(options?: AnotherStore): SqlStore
  /** The store of another table on the same connections; it has to be migrated. */
  storeOf(table: string): SqlStore
  begin(): Promise<Transaction>
  rows(sql: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export interface DatabaseKind {
  readonly name: string
  readonly isAbsent: boolean
  readonly quote: (name: string) => string
  /** How a person says it there. */
  readonly sha256: (text: string) => string
  open(): Promise<Database>
}

const postgres = await findPostgres()
const mysql = await findMysql()

export const DATABASES: readonly DatabaseKind[] = [
  {
    name: 'PostgreSQL',
    isAbsent: postgres.isAbsent,
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    sha256: (text) => `sha256(${text})`,
    open: () => migrated(openPostgres(postgres.url)),
  },
  {
    name: 'MariaDB',
    isAbsent: mysql.isAbsent,
    quote: (name) => `\`${name.replaceAll('`', '``')}\``,
    sha256: (text) => `unhex(sha2(${text}, 256))`,
    open: () => migrated(openMysql(mysql.url)),
  },
]

async function migrated(database: Database): Promise<Database> {
  await database.store.migrate()
  await database.rows(`CREATE TABLE ${database.orders} (id varchar(64) NOT NULL)`)
  return { ...database, close: () => drop(database) }
}

async function drop(database: Database): Promise<void> {
  const { events, orders } = database
  await database.rows(`DROP TABLE ${events}, ${events}_entities, ${orders}`)
  await database.close()
}

const names = () => {
  const events = runName()
  return { events, orders: `${events}_orders` }
}

function openPostgres(url: string): Database {
  const { events, orders } = names()
  const pools: pg.Pool[] = []
  const open = (max = 4) => {
    const pool = new pg.Pool({ connectionString: url, max })
    pools.push(pool)
    return pool
  }
  const pool = open()
  return {
    store: postgresStore(pool, { table: events }),
    pool,
    events,
    orders,
    another: ({ connections, batch, ...watcher } = {}) =>
      postgresStore(watched(open(connections), 'query', watcher), { table: events, batch }),
    storeOf: (table) => postgresStore(pool, { table }),
    begin: async () => {
      const client = await pool.connect()
      await client.query('BEGIN')
      const end = async (word: string) => {
        await client.query(word)
        client.release()
      }
      return {
        within: client,
        run: (sql) => client.query(sql),
        commit: () => end('COMMIT'),
        rollback: () => end('ROLLBACK'),
      }
    },
    rows: async (sql) => (await pool.query(sql)).rows,
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

function openMysql(url: string): Database {
  const { events, orders } = names()
  const pools: ReturnType<typeof createPool>[] = []
  const open = (connectionLimit = 4) => {
    const pool = createPool({ uri: url, connectionLimit })
    pools.push(pool)
    return pool
  }
  const pool = open()
  return {
    store: mysqlStore(pool, { table: events }),
    pool,
    events,
    orders,
    another: ({ connections, batch, ...watcher } = {}) =>
      mysqlStore(watched(open(connections), 'execute', watcher), { table: events, batch }),
    storeOf: (table) => mysqlStore(pool, { table }),
    begin: async () => {
      const connection = await pool.getConnection()
      await connection.beginTransaction()
      return {
        within: connection,
        run: (sql) => connection.query(sql),
        commit: async () => {
          await connection.commit()
          connection.release()
        },
        rollback: async () => {
          await connection.rollback()
          connection.release()
        },
      }
    },
    rows: async (sql) => (await pool.query<RowDataPacket[]>(sql))[0],
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

function watched<Pool extends object>(pool: Pool, method: keyof Pool, { onStatement, onError }: Watcher): Pool {
  const run = pool[method] as (...args: unknown[]) => Promise<unknown>
  const replaced = (...args: unknown[]) => {
    onStatement?.()
    return run.apply(pool, args).catch((error: unknown) => {
      onError?.(error)
      throw error
    })
  }
  return Object.assign(pool, { [method]: replaced })
}
