import type { JournalStore } from '@mailbox-hooks/core/journal'

export interface JournalUnderTest {
  /** The heading of the tests. */
  readonly name: string
  /** Opens the store, once for the whole suite. */
  open(): Promise<OpenJournal>
  /** Shows the tests as skipped, e.g. where there is no server. Default false. */
  readonly skip?: boolean
  /** Where the store rightly differs, each with its reason. */
  readonly differences?: {
    /** How many connections of their own the tests of parallel begins use. Default 20. */
    readonly connections?: { readonly count: number; readonly reason: string }
    /** It has no `finishWithin`. */
    readonly noTransactions?: { readonly reason: string }
    /** It runs inside this process and has no other clock than this process's. */
    readonly noClock?: { readonly reason: string }
  }
}

export interface OpenJournal {
  /** Migrated. */
  readonly store: JournalStore
  /** The same data by a connection of its own, as another process would have it. */
  another(): Promise<JournalStore>
  /** Begins a transaction of the user's. Needed unless the store has no transactions. */
  begin?(): Promise<UserTransaction>
  /** Lets the store's clock go on by so many milliseconds. Default: waits that long. */
  pass?(ms: number): Promise<void>
  /** Deletes all entries and refusals; called before each test. */
  clear(): Promise<void>
  /** Closes everything that was opened, the others too. */
  close(): Promise<void>
}

/** A transaction of the user's. */
export interface UserTransaction {
  /** What `finishWithin` takes. */
  readonly within: unknown
  commit(): Promise<void>
  rollback(): Promise<void>
}
