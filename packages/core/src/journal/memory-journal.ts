import { randomBytes } from 'node:crypto'
import { CLOCK, readOptions, WHOLE, withDefault } from '../options/option-rules.js'
import { createJournal } from './create-journal.js'
import type { Journal } from './journal.js'
import { JOURNAL_RULES, type JournalOptions } from './journal-options.js'
import { memoryJournalStore } from './memory-journal-store.js'

export interface MemoryJournalOptions extends Pick<JournalOptions, 'namespace' | 'keepMs' | 'refusals'> {
  /** How many entries are kept, the newest. Default 500. */
  readonly maxEntries?: number | undefined
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

const { sealingKeys: _keys, plaintext: _plaintext, ...SHARED_RULES } = JOURNAL_RULES
const RULES = { ...SHARED_RULES, maxEntries: withDefault(WHOLE, 500), now: CLOCK } as const

/**
 * Keeps the newest entries in this process, for development and tests. It records and does not decide what was handled:
 * that is the store's part. Everything is gone when the process ends.
 *
 * Throws a `TypeError` for options that cannot work.
 *
 * @example
 * const journal = memoryJournal()
 * const receive = webhooks({ providers, journal })
 * const { entries } = await journal.find({ about: 'john@x.com' })
 */
export function memoryJournal(options: MemoryJournalOptions = {}): Journal {
  const { maxEntries, now, ...shared } = readOptions<Required<MemoryJournalOptions>>('memoryJournal', options, RULES)
  // Nothing lies anywhere; the key is for tickets.
  const sealing = { sealingKeys: [randomBytes(32)] }
  const kind = { owner: 'memoryJournal', isDurable: false, keepRefusals: 100 }
  return createJournal(
    memoryJournalStore({ maxEntries: maxEntries as number, now: now as () => number }),
    { ...shared, ...sealing },
    kind,
  )
}
