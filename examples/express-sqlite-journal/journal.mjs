import { sqliteJournal } from '@mailbox-hooks/journal'
import Database from 'better-sqlite3'

const { DATABASE_FILE = 'webhooks.db', JOURNAL_KEY } = process.env

const database = new Database(DATABASE_FILE)
database.pragma('journal_mode = WAL')
// An acknowledged event outlives a power cut, too, and not only the process.
database.pragma('synchronous = FULL')

const journal = sqliteJournal(database, { sealingKeys: [JOURNAL_KEY] })
await journal.migrate()

// For the server, and for `mailbox-hooks journal … --journal ./journal.mjs`.
export default journal
