import type { JournalArrival } from '@mailbox-hooks/core'
import type { Delivered } from '../data/detail.js'

export interface Copied {
  readonly text: string
  /** What the person who copies it must know. */
  readonly note?: string
}

/** What every form of a copy is made of. */
export interface ToCopy {
  readonly delivered: Delivered
  readonly arrival: JournalArrival
  /** The body, with credentials replaced. Undefined where it is no UTF-8. */
  readonly text: string | undefined
  readonly body: Uint8Array
  /** Whether the body differs from the one that came. */
  readonly isReplaced: boolean
  readonly target: string
}

export const PERSONAL_DATA =
  'Personal data stay in it: addresses, names, texts of mails. Look at it before you share it.'
