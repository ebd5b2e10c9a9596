import { postgresJournal } from '@mailbox-hooks/journal'
import pg from 'pg'

const { POSTGRES_URL, JOURNAL_KEY } = process.env

// For the journal alone: handlers that take all the connections of a pool keep deliveries waiting.
const pool = new pg.Pool({ connectionString: POSTGRES_URL, max: 4 })
pool.on('error', (error) => console.error('postgres:', error.message))

const journal = postgresJournal(pool, { sealingKeys: [JOURNAL_KEY] })
await journal.migrate()

// For the server, and for `mailbox-hooks journal … --journal ./journal.mjs`.
export default journal
