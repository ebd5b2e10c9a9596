import { setTimeout as pause } from 'node:timers/promises'
import type { JournalStore } from '@mailbox-hooks/core/journal'

const PATIENCE_MS = 40_000

/** Resolves when all entries are handled, or when it has waited long enough, to how many are. */
export async function drained(rows: JournalStore): Promise<number> {
  const startedAt = Date.now()
  for (;;) {
    const stats = await rows.stats('')
    const count = (isHandled: boolean) =>
      stats.filter(({ state }) => (state === 'handled') === isHandled).reduce((sum, row) => sum + row.count, 0)
    if (count(false) === 0 || Date.now() - startedAt > PATIENCE_MS) return count(true)
    await pause(200)
  }
}
