import type { Ledger } from '../ledger.js'
import type { Backend, OpenBackend } from './backend.js'

/** Loads only the client that is used: a receiver that was killed must be back soon. */
export async function openBackend(backend: Backend, ledger: Ledger): Promise<OpenBackend> {
  switch (backend.kind) {
    case 'redis':
      return (await import('./redis.js')).openRedis(backend, ledger)
    case 'postgres':
      return (await import('./postgres.js')).openPostgres(backend)
    case 'sqlite':
      return (await import('./sqlite.js')).openSqlite(backend)
    case 'mysql':
      return (await import('./mysql.js')).openMysql(backend)
  }
}
