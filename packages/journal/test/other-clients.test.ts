import { mysqlJournal, postgresJournal, sqliteJournal } from '@mailbox-hooks/journal'
import { describe } from 'vitest'
import { refusesOtherSqlClients } from '../../core/test/stores/sql/other-sql-clients.js'

const OPTIONS = { sealingKeys: [Buffer.alloc(32, 7)] }

describe('a client that no journal supports', () => {
  refusesOtherSqlClients({
    postgres: (client) => postgresJournal(client, OPTIONS),
    mysql: (client) => mysqlJournal(client, OPTIONS),
    sqlite: (client) => sqliteJournal(client, OPTIONS),
  })
})
