import { memoryJournal } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'
import { document, numberIn } from '../documented.js'
import { mail, settled, setUp } from './journaled.js'

it('a journal in memory keeps as many entries as docs/journal.md says, the newest', async () => {
  const [, documented] = document('docs/journal.md').match(/keeps the newest (\d+) entries/)!
  const limit = numberIn(documented!)
  const journal = memoryJournal()
  const { deliver } = setUp({ journal })
  for (let event = 0; event <= limit; event++) await deliver(mail(`evt_${event}`))
  await settled()
  expect(await journal.open('openmail:evt_0')).toBeUndefined()
  expect(await journal.open('openmail:evt_1')).toBeDefined()
  expect(await journal.open(`openmail:evt_${limit}`)).toBeDefined()
})
