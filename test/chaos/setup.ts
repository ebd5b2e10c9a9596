import type { JournalStore } from '@mailbox-hooks/core/journal'
import type { Backend } from './backends/backend.js'

/** A store that several processes share, and whose server can be lost. */
export interface StoreInDanger {
  readonly name: string
  /** Shows the tests as skipped. */
  readonly skip: boolean
  /** Whether a handler can put the mark into a transaction of its own. */
  readonly hasTransactions: boolean
  /** A server that runs, with nothing of other tests in it; `isWithin` when the user's table is lost with the store. */
  open(isWithin: boolean): Promise<Playground>
}

export interface Playground {
  readonly backend: Backend
  /** The server of the store, or what stands in front of it. */
  readonly server: { start(): Promise<unknown>; stop(): Promise<unknown> }
  /** The server of a store in front of a journal. */
  readonly front?: { start(): Promise<unknown>; stop(): Promise<unknown> }
  /** The rows of the journal, for the test itself. */
  readonly rows?: JournalStore
  /** Resolves when nothing waits for a worker any more, to how many entries of the journal are handled. */
  drained?(): Promise<number>
  /** How often each event is in the user's own table, where there is one. */
  orders?(): Promise<ReadonlyMap<string, number>>
  close(): Promise<unknown>
}
