import type { DedupStore } from '@mailbox-hooks/core'

export interface StoreUnderTest {
  /** Names the tests. */
  readonly name: string
  /** Opens the store, once for the whole suite. */
  open(): Promise<OpenStore>
  /** Reports the tests as skipped, e.g. if there is no server. Default false. */
  readonly skip?: boolean
  /** Lists the intended differences of the store, each with its reason. */
  readonly differences?: {
    /** Sets how many connections the tests of parallel claims use. Default 50. */
    readonly connections?: { readonly count: number; readonly reason: string }
    /** The store has no `position`, and does not support `ordering: true`. */
    readonly noOrder?: { readonly reason: string }
    /** The store runs in this process and uses its clock. */
    readonly noClock?: { readonly reason: string }
  }
}

export interface OpenStore {
  readonly store: DedupStore
  /** Opens the same data on a separate connection, as another process would. */
  another(): Promise<DedupStore>
  /** Advances the store's clock by `ms` milliseconds. Default: waits that long. */
  pass?(ms: number): Promise<void>
  /** Deletes everything. Called before each test. */
  clear(): Promise<void>
  /** Closes everything that was opened, including the stores of `another`. */
  close(): Promise<void>
}
