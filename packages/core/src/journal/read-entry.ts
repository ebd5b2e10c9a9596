import type { DeliveryClaim, DeliveryFacts } from '../delivery/received-delivery.js'
import { ReceivedDelivery } from '../delivery/received-delivery.js'
import { SealError } from '../queue/sealer.js'
import { parseJson } from '../request/parse-json.js'
import { type EntryMeta, FORMAT, restoreEvent, unpackContent, unpackMeta } from './entry-parts.js'
import type { EntrySealer } from './entry-sealer.js'
import type { JournalAttempt, JournalEntry, JournalPage } from './journal.js'
import type { AttemptRow, EntryRow, FullRow } from './journal-store.js'

/** Opens what a list shows of an entry. Throws a `SealError` that names the key. */
export function readMeta(sealer: EntrySealer, { hash, keyId, format, meta }: EntryRow): EntryMeta {
  if (format > FORMAT)
    throw new SealError(
      `The entry has the format ${format}, and this version knows those up to ${FORMAT}: upgrade mailbox-hooks.`,
    )
  return unpackMeta(sealer.open('meta', hash, keyId, meta))
}

/** Reads the entries of a page that can be opened. The others are counted, by the reason. */
export function readPage(sealer: EntrySealer, rows: readonly EntryRow[]): Pick<JournalPage, 'entries' | 'unreadable'> {
  const entries: JournalEntry[] = []
  const reasons = new Map<string, number>()
  for (const row of rows) {
    try {
      entries.push(readEntry(sealer, row))
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      reasons.set(error.message, (reasons.get(error.message) ?? 0) + 1)
    }
  }
  if (reasons.size === 0) return { entries }
  return { entries, unreadable: [...reasons].map(([reason, count]) => ({ reason, count })) }
}

/** An entry as people see it. */
export function readEntry(sealer: EntrySealer, row: EntryRow): JournalEntry {
  const { id, trust, entity, event } = readMeta(sealer, row)
  const { provider, account, type, state, nextAttemptAt } = row
  const name = event.known ? undefined : event.name
  return {
    id,
    provider,
    ...(account !== undefined && { account }),
    type,
    ...(name !== undefined && { name }),
    ...(entity !== undefined && { entity }),
    trust,
    state,
    firstReceivedAt: new Date(row.firstReceivedAt),
    lastReceivedAt: new Date(row.lastReceivedAt),
    ...(nextAttemptAt !== undefined && { nextAttemptAt: new Date(nextAttemptAt) }),
    attempts: row.attempts.map((attempt) => readAttempt(sealer, row.hash, attempt)),
  }
}

function readAttempt(sealer: EntrySealer, hash: string, attempt: AttemptRow): JournalAttempt {
  const { number, at, source, kind, status, code, durationMs } = attempt
  const error = readError(sealer, hash, attempt)
  return {
    number,
    at: new Date(at),
    source,
    kind,
    status,
    ...(code !== undefined && { code }),
    durationMs,
    ...(error !== undefined && { error }),
  }
}

function readError(sealer: EntrySealer, hash: string, { error, keyId }: AttemptRow) {
  if (error === undefined) return undefined
  if (!sealer.keyIds.includes(keyId))
    return { name: 'SealError', message: `Sealed with the key ${JSON.stringify(keyId)}.` }
  // As the recorder sealed it.
  return JSON.parse(sealer.open('error', hash, keyId, error).toString()) as { name: string; message: string }
}

/** The delivery of an entry, as it was received first. */
export function readDelivery(sealer: EntrySealer, row: FullRow, claim: DeliveryClaim): ReturnType<typeof deliveryOf> {
  return deliveryOf({ sealer, row, meta: readMeta(sealer, row) }, claim)
}

/** The same of an entry whose meta is open already, with changes. */
export function deliveryOf(
  { sealer, row, meta }: { readonly sealer: EntrySealer; readonly row: FullRow; readonly meta: EntryMeta },
  claim: DeliveryClaim,
  changes: Partial<DeliveryFacts> = {},
): { readonly delivery: ReceivedDelivery; readonly credentials: readonly string[] } {
  const { body } = unpackContent(sealer.open('content', row.hash, row.keyId, row.content))
  const facts = {
    id: meta.id,
    provider: row.provider,
    account: row.account,
    event: changes.event ?? restoreEvent(meta, parseJson(body)),
    trust: meta.trust,
    sentAt: new Date(meta.sentAt),
    receivedAt: new Date(meta.receivedAt),
    attempt: meta.attempt,
    ...changes,
  }
  const { credentials } = meta
  return { delivery: new ReceivedDelivery(facts, { body, credentials, claim }), credentials }
}
