import type { DedupStore } from '@mailbox-hooks/core'
import type { JournalStore } from '@mailbox-hooks/core/journal'

/** Describes what a receiver opens: the database, its place, and the names of its own things in it. */
export interface Backend {
  readonly kind: 'redis' | 'postgres' | 'mysql' | 'sqlite'
  /** Of the store; it may be lost and come back. */
  readonly url: string
  /** Of a store in front of a journal, which may be lost on its own. Default `url`. */
  readonly frontUrl?: string
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
  /** The rows of a journal, where the database can keep one. */
  readonly rows?: () => JournalStore
  readonly orders: Orders
}
