import type { Journal } from '@mailbox-hooks/core'
import { quantile } from '../measure/statistics.js'
import { addressOf } from './deliver.js'

const TIMES = 300

/** Milliseconds of the slowest call in twenty. */
export interface Reads {
  readonly about: number
  readonly newest: number
  readonly stats: number
}

/** Times what people ask of a journal of so many entries. */
export async function measureReads(journal: Journal, entries: number): Promise<Reads> {
  return {
    about: await p95Of(async () => {
      const about = addressOf(Math.floor(Math.random() * entries))
      const { entries: found } = await journal.find({ about })
      if (found.length !== 10) throw new Error(`${found.length} entries are about ${about}`)
    }),
    newest: await p95Of(async () => {
      if ((await journal.find()).entries.length !== 50) throw new Error('The newest page is not full')
    }),
    stats: await p95Of(() => journal.stats()),
  }
}

async function p95Of(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let call = 0; call < TIMES; call++) {
    const startedAt = performance.now()
    await act()
    times.push(performance.now() - startedAt)
  }
  return quantile(
    times.slice(TIMES / 10).sort((one, other) => one - other),
    0.95,
  )
}
