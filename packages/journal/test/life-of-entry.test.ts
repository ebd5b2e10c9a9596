import { sqliteJournalStore } from '@mailbox-hooks/journal'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { playLife, STEPS } from '../../core/test/journal/life-of-entry.js'
import { DRIVERS } from '../../core/test/stores/sql/sqlite-drivers.js'
import { timePasses } from './time-passes.js'

const driver = DRIVERS.find(({ isAbsent }) => !isAbsent)

describe.skipIf(driver === undefined)('the life of an entry in SQLite', () => {
  it('never has two holders, never runs again what was handled, and never ends unfinished', async () => {
    await fc.assert(
      fc.asyncProperty(STEPS, async (steps) => {
        const database = driver!.open(':memory:')
        const rows = sqliteJournalStore(database)
        await rows.migrate()
        const advance = async (ms: number) => {
          for (const statement of timePasses('mailbox_hooks_journal', ms)) database.exec(statement)
        }
        await playLife({ rows, advance }, steps)
        database.close()
      }),
      { numRuns: 60 },
    )
  })
})
