import type { JournalArrival } from './arrival.js'
import { entryHash } from './entry-hash.js'
import type { Journal, JournalChange } from './journal.js'
import type { JournalParts } from './journal-parts.js'
import type { RowChange } from './journal-store.js'
import { readEntry } from './read-entry.js'
import { openRefusal } from './refusals.js'

/** The methods of a journal in memory. A database keeps no arrivals, and does not tell of changes. */
export function arrivalReader(parts: JournalParts): Pick<Journal, 'arrivals' | 'watch'> {
  const { watch } = parts
  return {
    ...(!parts.isDurable && { arrivals: (id: string) => readArrivals(parts, id) }),
    ...(watch !== undefined && {
      watch: (listener: (change: JournalChange) => void) =>
        watch((change) => {
          if (change.namespace === parts.namespace) listener(changeOf(parts, change))
        }),
    }),
  }
}

async function readArrivals({ rows, namespace, keepRefusals }: JournalParts, id: string): Promise<JournalArrival[]> {
  const entry = await rows.read(namespace, entryHash(id))
  if (entry !== undefined) {
    const { attempts, running } = entry
    const all = [...attempts, ...(running === undefined ? [] : [running])]
    return all.flatMap(({ number, record }) => (record === undefined ? [] : [record.read(number)]))
  }
  const refusal = (await rows.refusals(namespace, keepRefusals)).find((kept) => kept.id === id)
  return refusal?.record === undefined ? [] : [refusal.record.read(undefined)]
}

function changeOf({ rows, namespace, sealer, keepRefusals }: JournalParts, change: RowChange): JournalChange {
  if (change.kind === 'entry') {
    const read = async () => {
      const row = await rows.read(namespace, change.hash)
      return row && readEntry(await sealer(), row)
    }
    return { kind: 'entry', key: change.hash, read }
  }
  const read = async () => {
    const row = (await rows.refusals(namespace, keepRefusals)).find(({ id }) => id === change.id)
    return row && openRefusal(await sealer(), row)
  }
  return { kind: 'refusal', key: change.id, read }
}
