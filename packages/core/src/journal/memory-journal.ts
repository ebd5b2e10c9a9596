import { randomBytes } from 'node:crypto'
import { CLOCK, readOptions, WHOLE, withDefault } from '../options/option-rules.js'
import { createJournal } from './create-journal.js'
import type { Journal } from './journal.js'
import { JOURNAL_RULES, type JournalOptions } from './journal-options.js'
import { memoryJournalStore } from './memory-journal-store.js'

export interface MemoryJournalOptions extends Pick<JournalOptions, 'namespace' | 'keepMs' | 'refusals'> {
  /** Limits the number of entries; the newest are kept. Default 500. */
  readonly maxEntries?: number | undefined
  /** Returns the current time, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

const { sealingKeys: _keys, plaintext: _plaintext, ...SHARED_RULES } = JOURNAL_RULES
const RULES = { ...SHARED_RULES, maxEntries: withDefault(WHOLE, 500), now: CLOCK } as const

/**
 * Creates a journal of the newest entries in this process, for development and tests. It only records: the store decides
 * which events are handled. Everything is lost when the process ends.
 *
 * Throws a `TypeError` for a wrong option.
 *
 * @example
 * const journal = memoryJournal()
 * const receive = webhooks({ providers, journal })
 * const { entries } = await journal.find({ about: 'john@x.com' })
 */
export function memoryJournal(options: MemoryJournalOptions = {}): Journal {
  const { maxEntries, now, ...shared } = readOptions<Required<MemoryJournalOptions>>('memoryJournal', options, RULES)
  // Nothing is stored, so nothing is sealed. The key is for tickets.
  const sealing = { sealingKeys: [randomBytes(32)] }
  const rows = memoryJournalStore({ maxEntries: maxEntries as number, now: now as () => number })
  return createJournal(
    rows,
    { ...shared, ...sealing },
    {
      owner: 'memoryJournal',
      isDurable: false,
      isInProcess: true,
      keepRefusals: 100,
      watch: (listener) => rows.watch(listener),
    },
  )
}
