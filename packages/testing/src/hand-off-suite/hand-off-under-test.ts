import type { HandOff, ReceiverOptions } from '@mailbox-hooks/core'
import type { QueuedDelivery } from '@mailbox-hooks/core/queue'

/** A handler of a worker. */
export type WorkerHandler = (delivery: QueuedDelivery) => unknown

export interface HandOffUnderTest {
  /** Names the tests. */
  readonly name: string
  /** Opens a queue of its own for each test. */
  open(): Promise<OpenHandOff>
  /** Reports the tests as skipped, e.g. if there is no server. Default false. */
  readonly skip?: boolean
  /** Sets how long to wait for a worker, in milliseconds. Default 15,000. */
  readonly patienceMs?: number
  /** Lists the intended differences of the hand-off, each with its reason. */
  readonly differences?: {
    /** The queue cannot be searched. */
    readonly unsearchable?: { readonly reason: string }
  }
}

export interface OpenHandOff {
  readonly handOff: HandOff
  /** The receiver's other options, such as the journal of `journal.handOff`. Default none. */
  readonly options?: Partial<ReceiverOptions>
  /**
   * Starts a worker as your application does, with the means by which it runs an event once: the ids of jobs in the queue, or
   * the option `store` of `queuedHandler`. A job whose handler fails is tried again. Resolves to the function that ends it.
   */
  work(handler: WorkerHandler): Promise<() => Promise<unknown>>
  /** Returns everything that the queue stores, as text. */
  everythingStored?(): Promise<string>
  /** Deletes the queue. */
  close(): Promise<unknown>
}
