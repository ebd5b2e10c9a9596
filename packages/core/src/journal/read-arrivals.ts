import { ArrivalRecord, type JournalArrival } from './arrival.js'
import { entryHash } from './entry-hash.js'
import { unpackContent } from './entry-parts.js'
import type { Journal, JournalChange } from './journal.js'
import type { JournalParts } from './journal-parts.js'
import type { FullRow, RefusalRow, RowChange } from './journal-store.js'
import { readEntry, readMeta } from './read-entry.js'
import { openRefusal } from './refusals.js'

/** The methods of a journal about requests and changes. A database does not tell of changes. */
export function arrivalReader(parts: JournalParts): Pick<Journal, 'arrivals' | 'watch'> {
  const { watch } = parts
  return {
    arrivals: (id: string) => readArrivals(parts, id),
    ...(watch !== undefined && {
      watch: (listener: (change: JournalChange) => void) =>
        watch((change) => {
          if (change.namespace === parts.namespace) listener(changeOf(parts, change))
        }),
    }),
  }
}

async function readArrivals(parts: JournalParts, id: string): Promise<JournalArrival[]> {
  const { rows, namespace } = parts
  const entry = await rows.read(namespace, entryHash(id))
  if (entry !== undefined) return parts.isDurable ? [await storedArrival(parts, entry)] : recordsOf(entry)
  const refusal = await findRefusal(parts, id)
  if (refusal === undefined) return []
  return [refusal.record?.read(undefined) ?? (await storedRefusal(parts, refusal))]
}

function recordsOf({ attempts, running }: FullRow): JournalArrival[] {
  const all = [...attempts, ...(running === undefined ? [] : [running])]
  return all.flatMap(({ number, record }) => (record === undefined ? [] : [record.read(number)]))
}

/** The first delivery, as far as a database keeps it. */
async function storedArrival({ sealer }: JournalParts, row: FullRow): Promise<JournalArrival> {
  const opened = await sealer()
  const { receivedAt } = readMeta(opened, row)
  const { headers, body } = unpackContent(opened.open('content', row.hash, row.keyId, row.content))
  return arrivalOf({ method: 'POST', headers, body }, new Date(receivedAt)).read(1)
}

async function storedRefusal({ sealer }: JournalParts, row: RefusalRow): Promise<JournalArrival> {
  const { at, ...refusal } = openRefusal(await sealer(), row)
  return arrivalOf(refusal, at).read(undefined)
}

type Stored = {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

function arrivalOf({ method, headers, body }: Stored, receivedAt: Date): ArrivalRecord {
  const record = new ArrivalRecord({ method, headers: () => headers }, receivedAt)
  record.body = body
  return record
}

async function findRefusal({ rows, namespace, keepRefusals }: JournalParts, id: string) {
  return (await rows.refusals(namespace, Math.max(keepRefusals, 1))).find((kept) => kept.id === id)
}

function changeOf(parts: JournalParts, change: RowChange): JournalChange {
  const { rows, namespace, sealer } = parts
  if (change.kind === 'entry') {
    const read = async () => {
      const row = await rows.read(namespace, change.hash)
      return row && readEntry(await sealer(), row)
    }
    return { kind: 'entry', key: change.hash, read }
  }
  const read = async () => {
    const row = await findRefusal(parts, change.id)
    return row && openRefusal(await sealer(), row)
  }
  return { kind: 'refusal', key: change.id, read }
}
