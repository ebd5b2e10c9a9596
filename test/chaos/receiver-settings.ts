import type { Backend } from './backends/backend.js'
import type { Death } from './kill-points.js'

/** The part that decides: a store, a journal, or a journal that queues for workers in the same processes. */
export type Mode = 'store' | 'journal' | 'work'

/** A service that receives webhooks, as a process that may be killed. It ends when its parent has gone. */
export interface ReceiverSettings {
  readonly backend: Backend
  /** The part that decides: a store, a journal, or a journal that queues for workers in the same processes. */
  readonly mode: Mode
  /** The path of the ledger. */
  readonly ledger: string
  /** Whether the handler puts the mark into its own transaction. */
  readonly isWithin: boolean
  readonly leaseMs: number
  readonly storeTimeoutMs: number
  /** How long a handler takes, from and to. */
  readonly handlerMs: readonly [number, number]
  readonly seed: number
  /** The share of runs whose handler throws. */
  readonly failing?: number
  /** Whether a store stands in front of the journal. */
  readonly hasFront?: boolean
  /** Whether the process replays what has failed, and works off what the dead have left, beside the deliveries. */
  readonly replays?: boolean
  /** In a deployment: whether the process knows the new sealing key and the new format of entries. */
  readonly deployed?: 'before' | 'after'
  readonly death?: Death | undefined
}
