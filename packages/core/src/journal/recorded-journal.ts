import type { Provider } from '../providers/provider.js'
import type { Timeouts } from '../timeouts.js'
import type { Journal } from './journal.js'
import type { KnownProvider } from './known-receivers.js'
import type { ReceiverSteps } from './receiver-steps.js'

/** Known to all copies of this module. */
export const RECEIVER_STEPS = Symbol.for('mailbox-hooks.journal.receiver-steps')

/** Known to all copies of this module. */
export const KNOWN_PROVIDERS = Symbol.for('mailbox-hooks.journal.known-providers')

/** A journal as a receiver uses it. */
export interface RecordedJournal extends Journal {
  readonly keepMs: number
  /** Makes the steps that the journal adds to one receiver. */
  readonly [RECEIVER_STEPS]: (terms: ReceiverTerms) => ReceiverSteps
  readonly [KNOWN_PROVIDERS]: () => readonly KnownProvider[]
}

interface ReceiverTerms {
  readonly timeoutMs: number
  readonly timeouts: Timeouts
  /** The providers of the receiver. Undefined for a worker, which verifies nothing. */
  readonly providers?: readonly Provider[] | undefined
}

export const isRecordedJournal = (value: unknown): value is RecordedJournal =>
  typeof value === 'object' && value !== null && RECEIVER_STEPS in value

/**
 * Returns the providers of the receivers in this process that write into a journal, with their secrets, for a tool that
 * plays or diagnoses them in this process. Never print or send the secrets.
 */
export const knownProvidersOf = (journal: Journal): readonly KnownProvider[] =>
  (journal as Partial<RecordedJournal>)[KNOWN_PROVIDERS]?.() ?? []
