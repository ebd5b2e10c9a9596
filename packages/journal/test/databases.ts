import type { JournalStore } from '@mailbox-hooks/core/journal'
import { mysqlJournalStore, postgresJournalStore } from '@mailbox-hooks/journal'
import { createPool, type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { findMysql, findPostgres, runName } from '../../../test/servers/services.js'
import { TABLES } from './time-passes.js'

/** A transaction of the user's. */
export interface Transaction {
  readonly within: unknown
  commit(): Promise<void>
}

/** Told of each statement that a pool runs, and of those that fail. */
export interface Watcher {
  readonly onStatement?: (sql: string, values: readonly unknown[]) => void
  readonly onError?: (error: unknown) => void
}

/** The tables of a journal on a server. */
export interface Database {
  readonly store: Required<JournalStore>
  readonly table: string
  /** The same tables by connections of its own, as another process has them. */
  another(watcher?: Watcher): Required<JournalStore>
  begin(): Promise<Transaction>
  rows(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export interface DatabaseKind {
  readonly name: string
  readonly isAbsent: boolean
  open(): Promise<Database>
}

const postgres = await findPostgres()
const mysql = await findMysql()

export const DATABASES: readonly DatabaseKind[] = [
  { name: 'PostgreSQL', isAbsent: postgres.isAbsent, open: () => migrated(openPostgres(postgres.url)) },
  { name: 'MariaDB', isAbsent: mysql.isAbsent, open: () => migrated(openMysql(mysql.url)) },
]

async function migrated(database: Database): Promise<Database> {
  await database.store.migrate()
  const close = async () => {
    for (const suffix of [...TABLES, '_meta']) await database.rows(`DROP TABLE ${database.table}${suffix}`)
    await database.close()
  }
  return { ...database, close }
}

function openPostgres(url: string): Database {
  const table = runName()
  const pools: pg.Pool[] = []
  const open = () => {
    const pool = new pg.Pool({ connectionString: url, max: 4 })
    pools.push(pool)
    return pool
  }
  const pool = open()
  return {
    store: postgresJournalStore(pool, { table }),
    table,
    another: ({ onStatement, onError } = {}) => {
      const own = open()
      const query = own.query.bind(own) as (...args: unknown[]) => Promise<{ rows: unknown[] }>
      const watched = (...args: unknown[]) => {
        const [given, values = []] = args as [string | { text: string; values: unknown[] }, unknown[]?]
        if (typeof given === 'string') onStatement?.(given, values)
        else onStatement?.(given.text, given.values)
        return failing(query(...args), onError)
      }
      return postgresJournalStore({ query: watched }, { table })
    },
    begin: async () => {
      const client = await pool.connect()
      await client.query('BEGIN')
      return {
        within: client,
        commit: async () => {
          await client.query('COMMIT')
          client.release()
        },
      }
    },
    rows: async (sql, values) => (await pool.query(sql, values === undefined ? undefined : [...values])).rows,
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

function openMysql(url: string): Database {
  const table = runName()
  const pools: ReturnType<typeof createPool>[] = []
  const open = () => {
    const pool = createPool({ uri: url, connectionLimit: 4 })
    pools.push(pool)
    return pool
  }
  const pool = open()
  return {
    store: mysqlJournalStore(pool, { table }),
    table,
    another: ({ onStatement, onError } = {}) => {
      const own = open()
      interface Given {
        readonly sql: string
        readonly values: unknown[]
      }
      const watched = <Executor extends object>(on: Executor): Executor => {
        const execute = (on as { execute(given: Given): Promise<unknown[]> }).execute.bind(on)
        const replaced = (given: Given) => {
          onStatement?.(given.sql, given.values)
          return failing(execute(given), onError)
        }
        return new Proxy(on, {
          get: (_, name) => {
            const member = Reflect.get(on, name)
            return name === 'execute' ? replaced : typeof member === 'function' ? member.bind(on) : member
          },
        })
      }
      const pool = {
        ...watched(own),
        execute: watched(own).execute,
        getConnection: async () => watched(await own.getConnection()),
      }
      return mysqlJournalStore(pool, { table })
    },
    begin: async () => {
      const connection = await pool.getConnection()
      await connection.beginTransaction()
      return {
        within: connection,
        commit: async () => {
          await connection.commit()
          connection.release()
        },
      }
    },
    // A list as `execute` takes it.
    rows: async (sql, values) =>
      (values === undefined
        ? await pool.query<RowDataPacket[]>(sql)
        : await pool.execute<RowDataPacket[]>(sql, [...values] as never))[0],
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

async function failing<T>(result: Promise<T>, onError?: (error: unknown) => void): Promise<T> {
  try {
    return await result
  } catch (error) {
    onError?.(error)
    throw error
  }
}
