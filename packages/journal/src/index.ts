export type { RowOptions } from './rows/table-names.js'
export { type SqliteJournalOptions, sqliteJournal } from './sqlite/sqlite-journal.js'
export { sqliteJournalStore } from './sqlite/sqlite-journal-store.js'
