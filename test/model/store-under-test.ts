import type { DedupStore } from '@mailbox-hooks/core'

/** A store as several workers use it, with a clock that can be put forward. */
export interface Site {
  /** The same data by each worker's own store; two of them share one, as two requests in a process do. */
  readonly stores: readonly [DedupStore, DedupStore, DedupStore]
  pass(ms: number): Promise<void>
  /** Deletes what is of no use any more, where the store does not do so by itself. */
  purge?(): Promise<unknown>
}
