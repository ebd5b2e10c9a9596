import { describe, expect, it } from 'vitest'
import { durableJournal, mail, settled, setUp } from './journaled.js'

/** A journal with an entry that was handled, and two that failed. Its replays say which they ran, in their order. */
async function withEntries() {
  const journal = durableJournal()
  const statuses = [200, 500, 500]
  const { deliver } = setUp({ journal }, () => statuses.shift())
  for (const id of ['evt_handled', 'evt_failed', 'evt_failed_too']) await deliver(mail(id))
  await settled()
  return async (which: Parameters<typeof journal.replay>[0]) => {
    const ran: string[] = []
    await journal.replay(which, async ({ id }) => void ran.push(id))
    return ran
  }
}

describe('a replay', () => {
  it('runs what failed, and nothing that was handled, unless its filter names a state', async () => {
    const replay = await withEntries()
    expect((await replay({ since: Date.now() - 60_000 })).sort()).toEqual([
      'openmail:evt_failed',
      'openmail:evt_failed_too',
    ])
    expect(await replay({ since: Date.now() - 60_000 })).toEqual([])
    expect(await replay({ state: 'handled' })).toHaveLength(3)
  })

  it('runs what is named by its id, in any state', async () => {
    const replay = await withEntries()
    expect(await replay(['openmail:evt_handled'])).toEqual(['openmail:evt_handled'])
    expect(await replay(['openmail:evt_handled'])).toEqual(['openmail:evt_handled'])
  })
})
