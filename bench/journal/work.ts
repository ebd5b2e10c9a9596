import { type Spread, spreadOf } from '../measure/statistics.js'
import type { JournalDatabase } from './databases.js'
import { fill } from './deliver.js'

const ROUNDS = 7
const EVENTS = 2_000

/** Events a second that `work` handles with an empty handler. */
export async function measureWork({ journal }: JournalDatabase): Promise<Spread> {
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await fill(journal, EVENTS, journal.handOff)
    let handled = 0
    const startedAt = performance.now()
    const worker = journal.work(() => void handled++)
    await worker.idle()
    rates.push(handled / ((performance.now() - startedAt) / 1000))
    await worker.stop()
    if (handled !== EVENTS) throw new Error(`${handled} of ${EVENTS} events were handled`)
  }
  return spreadOf(rates)
}
