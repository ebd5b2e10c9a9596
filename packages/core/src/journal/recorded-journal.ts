import type { Timeouts } from '../timeouts.js'
import type { Journal } from './journal.js'
import type { Recorder } from './recorder.js'

/** Known to all copies of this module. */
export const RECORDER = Symbol.for('mailbox-hooks.journal.recorder')

/** A journal as a receiver uses it. */
export interface RecordedJournal extends Journal {
  readonly keepMs: number
  /** Makes what writes into the journal for one receiver. */
  readonly [RECORDER]: (terms: { readonly timeoutMs: number; readonly timeouts: Timeouts }) => Recorder
}

export const isRecordedJournal = (value: unknown): value is RecordedJournal =>
  typeof value === 'object' && value !== null && RECORDER in value
