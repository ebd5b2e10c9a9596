import { memoryStore } from '@mailbox-hooks/core'
import { type JournalStore, memoryJournalStore } from '@mailbox-hooks/core/journal'
import { expect, it, vi } from 'vitest'
import { durableJournal, mail, settled, setUp } from './journaled.js'

/** Rows in memory, and the names of what was asked of them. */
function watchedRows() {
  const asked: string[] = []
  const rows = new Proxy(memoryJournalStore(), {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        asked.push(String(name))
        return value.apply(target, args)
      }
    },
  }) satisfies JournalStore
  return { rows, asked }
}

it('a durable journal writes once before the handler and once after it', async () => {
  const { rows, asked } = watchedRows()
  const { deliver } = setUp({ journal: durableJournal(rows) }, () => {
    asked.push('the handler')
    return 200
  })
  // The first delivery of a process also reads what the journal is named.
  await deliver(mail('evt_1'))
  await settled()
  asked.length = 0
  await deliver(mail('evt_2'))
  await settled()
  expect(asked).toEqual(['begin', 'the handler', 'finish'])
})

it('a store in front answers duplicates without waiting for the journal, which notes them', async () => {
  const { rows, asked } = watchedRows()
  const { deliver } = setUp({ journal: durableJournal(rows), store: memoryStore() })
  await deliver(mail('evt_1'))
  await settled()
  asked.length = 0
  vi.spyOn(rows, 'note').mockImplementation(() => new Promise(() => {}))
  expect(await deliver(mail('evt_1'))).toBe(200)
  expect(asked).toEqual(['note'])
})
