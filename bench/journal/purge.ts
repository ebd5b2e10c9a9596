import type { JournalDatabase } from './databases.js'
import { addressOf, deliverer } from './deliver.js'

const AT_ONCE = 8

export interface Purge {
  readonly entries: number
  readonly perSecond: number
  /** The slowest delivery beside it, in milliseconds. */
  readonly stallMs: number
  /** The slowest delivery in as long a time before it. */
  readonly stallBeforeMs: number
}

/** Purges all entries while deliveries go on. */
export async function measurePurge({ journal, age }: JournalDatabase): Promise<Purge> {
  await age(40)
  const before = watchDeliveries(journal)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const stallBeforeMs = await before.stop()
  const beside = watchDeliveries(journal)
  const startedAt = performance.now()
  let entries = 0
  for (;;) {
    const deleted = await journal.purge()
    entries += deleted
    if (deleted === 0) break
  }
  const seconds = (performance.now() - startedAt) / 1000
  return { entries, perSecond: entries / seconds, stallMs: await beside.stop(), stallBeforeMs }
}

function watchDeliveries(journal: JournalDatabase['journal']) {
  const deliver = deliverer(journal)
  let isOver = false
  let slowestMs = 0
  const deliverAll = async () => {
    while (!isOver) {
      const startedAt = performance.now()
      await deliver(addressOf(0))
      slowestMs = Math.max(slowestMs, performance.now() - startedAt)
      // As a server, whose requests come in by the event loop.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const all = Promise.all(Array.from({ length: AT_ONCE }, deliverAll))
  return {
    stop: async () => {
      isOver = true
      await all
      return slowestMs
    },
  }
}
