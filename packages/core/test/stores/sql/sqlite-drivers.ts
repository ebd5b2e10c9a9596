import type { SqliteDatabaseLike } from '@mailbox-hooks/core/sql'
import Libsql from 'libsql'
import { describe } from 'vitest'
import { findBetterSqlite3 } from '../../../../../test/servers/better-sqlite3.js'

export type SqliteDatabase = SqliteDatabaseLike & { close(): unknown }

export interface SqliteDriver {
  readonly name: string
  /** It is not there; its tests are to be skipped. */
  readonly isAbsent: boolean
  /** The options are those of `node:sqlite`. */
  open(path: string, options?: object): SqliteDatabase
}

const BetterSqlite3 = findBetterSqlite3()

/** Node has it from 22.5 on, and its types come with that version. */
const builtIn = process.getBuiltinModule?.('node:sqlite') as
  | { DatabaseSync: new (path: string, options?: object) => SqliteDatabase }
  | undefined

/** The databases that the store is proven with. */
export const DRIVERS: readonly SqliteDriver[] = [
  {
    name: 'better-sqlite3',
    isAbsent: BetterSqlite3 === undefined,
    // Nothing is opened of an absent driver.
    open: (path) => inWal(new BetterSqlite3!(path)),
  },
  { name: 'libsql', isAbsent: false, open: (path) => inWal(new Libsql(path, { timeout: 5_000 })) },
  {
    name: 'node:sqlite',
    isAbsent: builtIn === undefined,
    open: (path, options = {}) => {
      // As above.
      const database = inWal(new builtIn!.DatabaseSync(path, options))
      database.exec('PRAGMA busy_timeout = 5000')
      return database
    },
  },
]

/** Makes a `describe` block for each driver, `%s` in its title being the name. The blocks of absent drivers are skipped. */
export function describeDrivers(title: string, tests: (driver: SqliteDriver) => void): void {
  for (const driver of DRIVERS) {
    describe.skipIf(driver.isAbsent)(title.replace('%s', driver.name), () => tests(driver))
  }
}

function inWal<Database extends SqliteDatabase>(database: Database): Database {
  database.exec('PRAGMA journal_mode = WAL')
  return database
}
