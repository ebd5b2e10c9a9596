import type { Timeouts } from '../timeouts.js'
import type { Journal } from './journal.js'
import type { ReceiverSteps } from './receiver-steps.js'

/** Known to all copies of this module. */
export const RECEIVER_STEPS = Symbol.for('mailbox-hooks.journal.receiver-steps')

/** A journal as a receiver uses it. */
export interface RecordedJournal extends Journal {
  readonly keepMs: number
  /** Makes the steps that the journal adds to one receiver. */
  readonly [RECEIVER_STEPS]: (terms: { readonly timeoutMs: number; readonly timeouts: Timeouts }) => ReceiverSteps
}

export const isRecordedJournal = (value: unknown): value is RecordedJournal =>
  typeof value === 'object' && value !== null && RECEIVER_STEPS in value
