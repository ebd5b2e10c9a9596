import { memoryJournalStore } from '@mailbox-hooks/core/journal'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { playLife, type RowsUnderTest, STEPS } from './life-of-entry.js'

function inMemory(): RowsUnderTest {
  let now = Date.now()
  return {
    rows: memoryJournalStore({ now: () => now }),
    advance: async (ms) => {
      now += ms
    },
  }
}

describe('the life of an entry, under deliveries, work, replays, tickets, expiries and crashes', () => {
  it('never has two holders, never runs again what was handled, and never ends unfinished', async () => {
    await fc.assert(
      fc.asyncProperty(STEPS, (steps) => playLife(inMemory(), steps)),
      { numRuns: 500 },
    )
  })
})
