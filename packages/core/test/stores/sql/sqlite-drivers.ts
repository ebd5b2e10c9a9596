import type { SqliteDatabaseLike } from '@mailbox-hooks/core/sql'
import BetterSqlite3 from 'better-sqlite3'
import Libsql from 'libsql'

export type SqliteDatabase = SqliteDatabaseLike & { close(): unknown }

export interface SqliteDriver {
  readonly name: string
  open(path: string): SqliteDatabase
}

/** Node has it from 22.5 on, and its types come with that version. */
const builtIn = process.getBuiltinModule?.('node:sqlite') as
  | { DatabaseSync: new (path: string) => SqliteDatabase }
  | undefined

const nodeSqlite = ({ DatabaseSync }: NonNullable<typeof builtIn>): SqliteDriver => ({
  name: 'node:sqlite',
  open: (path) => {
    const database = inWal(new DatabaseSync(path))
    database.exec('PRAGMA busy_timeout = 5000')
    return database
  },
})

/** The databases that the store is proven with. */
export const DRIVERS: readonly SqliteDriver[] = [
  { name: 'better-sqlite3', open: (path) => inWal(new BetterSqlite3(path)) },
  { name: 'libsql', open: (path) => inWal(new Libsql(path, { timeout: 5_000 })) },
  ...(builtIn === undefined ? [] : [nodeSqlite(builtIn)]),
]

function inWal<Database extends SqliteDatabase>(database: Database): Database {
  database.exec('PRAGMA journal_mode = WAL')
  return database
}
