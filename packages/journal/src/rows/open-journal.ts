import type { Journal } from '@mailbox-hooks/core'
import { createJournal, JOURNAL_RULES, type JournalOptions, type JournalStore } from '@mailbox-hooks/core/journal'
import { type Rules, readOptions } from '@mailbox-hooks/core/sql-client'

/** What differs between the journals of the databases. */
export interface JournalOn<RowOptions extends object> {
  /** The function that the user called. */
  readonly owner: string
  /** The options of the rows, which stand beside those of the journal. */
  readonly rules: Rules
  readonly store: (options: RowOptions) => JournalStore
}

/** Makes a journal on the rows of a database. Throws a `TypeError` for options that cannot work. */
export function openJournal<RowOptions extends object>(
  options: JournalOptions & RowOptions,
  { owner, rules, store }: JournalOn<RowOptions>,
): Journal {
  const given = Object.entries(readOptions<object>(owner, options, { ...JOURNAL_RULES, ...rules }))
  const ofRows = given.filter(([name]) => name in rules)
  const ofJournal = given.filter(([name]) => !(name in rules))
  // As the rules say.
  const rows = store(Object.fromEntries(ofRows) as RowOptions)
  return createJournal(rows, Object.fromEntries(ofJournal) as unknown as JournalOptions, { owner })
}
