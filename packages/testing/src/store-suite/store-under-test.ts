import type { DedupStore } from '@mailbox-hooks/core'

export interface StoreUnderTest {
  /** The heading of the tests. */
  readonly name: string
  /** Opens the store, once for the whole suite. */
  open(): Promise<OpenStore>
  /** Shows the tests as skipped, e.g. where there is no server. Default false. */
  readonly skip?: boolean
  /** Where the store rightly differs, each with its reason. */
  readonly differences?: {
    /** How many connections of their own the tests of parallel claims use. Default 50. */
    readonly connections?: { readonly count: number; readonly reason: string }
    /** It has no `position`, and cannot serve `ordering: true`. */
    readonly noOrder?: { readonly reason: string }
    /** It runs inside this process and has no other clock than this process's. */
    readonly noClock?: { readonly reason: string }
  }
}

export interface OpenStore {
  readonly store: DedupStore
  /** The same data by a connection of its own, as another process would have it. */
  another(): Promise<DedupStore>
  /** Lets the store's clock go on by so many milliseconds. Default: waits that long. */
  pass?(ms: number): Promise<void>
  /** Forgets everything; called before each test. */
  clear(): Promise<void>
  /** Closes everything that was opened, the others too. */
  close(): Promise<void>
}
