import type { Journal } from '@mailbox-hooks/core'
import type { Row, RowPage } from '../api.js'
import { Refusal } from '../server/reply.js'
import type { RowMaker } from './row.js'
import { isWanted, journalFilter, type RowFilter } from './row-filter.js'

const MAX_LIMIT = 1_000

/** So many entries are looked at for one page, where the journal cannot apply the filter. */
const MAX_SCANNED = 5_000

interface Cursor {
  /** The journal's own cursor. Undefined at the beginning. */
  readonly entries: string | undefined
  /** Only refusals before this time. */
  readonly before: number
}

/**
 * Reads a page of rows, newest first: entries, and the refusals that came between them. A page may have more rows than the
 * limit by the refusals, of which a journal keeps few.
 */
export async function readPage(
  query: URLSearchParams,
  filter: RowFilter,
  { journal, rows }: { readonly journal: Journal; readonly rows: RowMaker },
): Promise<RowPage> {
  const limit = readLimit(query.get('limit'))
  const cursor = readCursor(query.get('after'))
  const { entries, next } = await readEntries(journal, rows, filter, cursor, limit)
  const isLast = next === undefined
  const oldest = entries.at(-1)?.at
  const refusals = await readRefusals(journal, rows, filter)
  // Refusals that are older than this page's last entry come with a later page.
  const between = refusals.filter(({ at }) => at < cursor.before && (isLast || oldest === undefined || at >= oldest))
  const all = [...entries, ...between].sort((one, other) => other.at - one.at)
  if (isLast) return { rows: all }
  return { rows: all, next: writeCursor({ entries: next, before: oldest ?? cursor.before }) }
}

async function readEntries(
  journal: Journal,
  rows: RowMaker,
  filter: RowFilter,
  { entries: from }: Cursor,
  limit: number,
): Promise<{ readonly entries: readonly Row[]; readonly next: string | undefined }> {
  const wanted = journalFilter(filter)
  if (wanted === undefined) return { entries: [], next: undefined }
  const found: Row[] = []
  let [after, scanned] = [from, 0]
  do {
    const page = await find(journal, { ...wanted, limit, after })
    scanned += page.entries.length
    for (const entry of page.entries) {
      // The journal knows more of what an entry is about than its row shows.
      const row = await rows.ofEntry(entry)
      if (isWanted(row, { ...filter, about: undefined })) found.push(row)
    }
    after = page.next
  } while (after !== undefined && found.length < limit && scanned < MAX_SCANNED)
  return { entries: found, next: after }
}

async function find(journal: Journal, query: Parameters<Journal['find']>[0]) {
  try {
    return await journal.find(query)
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal(400, error.message)
    throw error
  }
}

/** All of them, newest first. */
async function readRefusals(journal: Journal, rows: RowMaker, filter: RowFilter): Promise<readonly Row[]> {
  if (filter.states !== undefined && !filter.states.includes('refused')) return []
  const refusals = await journal.refusals({ limit: MAX_LIMIT })
  const all = await Promise.all(refusals.map((refusal) => rows.ofRefusal(refusal)))
  return all.filter((row) => isWanted(row, filter))
}

function readLimit(text: string | null): number {
  if (text === null) return 100
  const limit = Number(text)
  if (/^\d+$/.test(text) && limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new Refusal(400, `limit must be a whole number from 1 to ${MAX_LIMIT}.`)
}

const writeCursor = (cursor: Cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url')

function readCursor(text: string | null): Cursor {
  if (text === null || text === '') return { entries: undefined, before: Number.POSITIVE_INFINITY }
  try {
    const { entries, before } = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof entries === 'string' && typeof before === 'number') return { entries, before }
  } catch {
    // As any other that is none.
  }
  throw new Refusal(400, 'after must be the next of another page.')
}
