import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'
import { missing } from './services.js'

/**
 * Finds better-sqlite3. Its native part is fetched or compiled when it is installed; where neither was possible the
 * tests that need it are skipped, which is said here, or fail with `REQUIRE_SERVICES=1`.
 */
export function findBetterSqlite3(): typeof BetterSqlite3 | undefined {
  try {
    const Database: typeof BetterSqlite3 = createRequire(import.meta.url)('better-sqlite3')
    // The native part is loaded with the first database.
    new Database(':memory:').close()
    return Database
  } catch (error) {
    // The rest of the message lists each folder that was searched.
    missing(`better-sqlite3 does not load (${String(error).split('\n')[0]})`)
    return undefined
  }
}
