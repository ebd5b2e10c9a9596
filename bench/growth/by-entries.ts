import { journalDatabases } from '../journal/databases.js'
import { addressOf, deliverer, fill } from '../journal/deliver.js'
import { spreadOf } from '../measure/statistics.js'
import { type Curve, counted, type Point } from './curve.js'

const ENTRIES = [1000, 10_000, 50_000]
const ROUNDS = 7
const SLICE = 200

/** One delivery after the other, each recorded and marked, in journals that have so many entries. */
export async function byEntries(): Promise<readonly Curve[]> {
  const curves: Curve[] = []
  for (const open of await journalDatabases()) {
    const { name, journal, close } = await open()
    const points: Point[] = []
    let entries = 0
    for (const at of ENTRIES) {
      await fill(journal, at - entries)
      entries = at
      points.push({ at, label: counted(at), micros: spreadOf(await rounds(deliverer(journal))).median })
    }
    await close()
    curves.push({ title: `Journal on ${name}`, axis: 'entries', points })
  }
  return curves
}

async function rounds(deliver: (address: string) => Promise<void>): Promise<readonly number[]> {
  const micros: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now()
    for (let delivery = 0; delivery < SLICE; delivery++) await deliver(addressOf(delivery))
    micros.push(((performance.now() - startedAt) * 1000) / SLICE)
  }
  return micros
}
