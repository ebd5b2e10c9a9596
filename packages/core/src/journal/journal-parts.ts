import type { Timeouts } from '../timeouts.js'
import type { EntrySealer } from './entry-sealer.js'
import type { GuardedJournalStore } from './guarded-journal-store.js'
import type { JournalStore, WatchRows } from './journal-store.js'
import type { KnownReceivers } from './known-receivers.js'

/** What the methods of a journal are made of. */
export interface JournalParts {
  /** Begins every message about its options: `sqliteJournal`. */
  readonly owner: string
  readonly namespace: string
  readonly isDurable: boolean
  /** Whether it stores nothing outside of this process. */
  readonly isInProcess: boolean
  readonly keepMs: number
  readonly keepRefusals: number
  readonly refusalsPerMinute: number
  readonly rows: JournalStore
  readonly receivers: KnownReceivers
  /** Tells of changed rows. Undefined where the store does not hear of all. */
  readonly watch: WatchRows | undefined
  /** For runs: each call ends in time. */
  readonly guarded: GuardedJournalStore
  readonly timeouts: Timeouts
  /** Sign and verify tickets, before anything is read from the database. */
  readonly ticketKeys: readonly Uint8Array[]
  /** Seals and opens; rejects while the journal's id cannot be read. */
  readonly sealer: () => Promise<EntrySealer>
}
