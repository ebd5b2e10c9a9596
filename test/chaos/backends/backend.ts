import type { DedupStore } from '@mailbox-hooks/core'
import type { Ledger } from '../ledger.js'

/** What a receiver opens: which database, where, and the names of its own things in it. */
export interface Backend {
  readonly kind: 'redis' | 'postgres' | 'mysql'
  /** Of the store; it may be lost and come back. */
  readonly url: string
  /** Of the user's own table. */
  readonly ordersUrl: string
  /** Begins the keys, or names the table. */
  readonly name: string
}

/** The user's own data. */
export interface Orders {
  add(id: string, tx?: unknown): Promise<void>
  inTransaction(act: (tx: unknown) => Promise<void>): Promise<void>
}

export interface OpenBackend {
  readonly store: DedupStore
  readonly orders: Orders
}

/** Loads only the client that is used: a receiver that was killed must be back soon. */
export async function openBackend(backend: Backend, ledger: Ledger): Promise<OpenBackend> {
  switch (backend.kind) {
    case 'redis':
      return (await import('./redis.js')).openRedis(backend, ledger)
    case 'postgres':
      return (await import('./postgres.js')).openPostgres(backend)
    case 'mysql':
      return (await import('./mysql.js')).openMysql(backend)
  }
}
