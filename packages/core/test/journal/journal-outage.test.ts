import { memoryJournalStore } from '@mailbox-hooks/core/journal'
import { expect, it, onTestFinished, vi } from 'vitest'
import { durableJournal, mail, setUp } from './journaled.js'

const LEASE_MS = 15_000

it('lets the answer out when the journal fails after the handler, and records the result while the lease lasts', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const rows = memoryJournalStore()
  const journal = durableJournal(rows)
  const { deliver, outcomes } = setUp({ journal })
  const finish = vi.spyOn(rows, 'finish').mockRejectedValue(new Error('away'))
  expect(await deliver(mail('evt_1'))).toBe(200)
  expect(outcomes).toMatchObject([{ kind: 'handled', status: 200, settled: false }])
  expect(await journal.entry('openmail:evt_1')).toMatchObject({ state: 'received' })
  finish.mockRestore()
  await vi.advanceTimersByTimeAsync(LEASE_MS / 2)
  expect(await journal.entry('openmail:evt_1')).toMatchObject({ state: 'handled' })
})
