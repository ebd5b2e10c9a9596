import type { Journal, JournalArrival, JournalEntry, JournalRefusal } from '@mailbox-hooks/core'
import type { Row } from '../api.js'
import { payloadOf } from './payload-of.js'
import type { ProviderBook } from './provider-book.js'

const entryKey = (id: string) => `e:${id}`
const refusalKey = (id: string) => `r:${id}`

/** Reads a key of a row. Undefined if it is none. */
export function readKey(key: unknown): { readonly kind: 'entry' | 'refusal'; readonly id: string } | undefined {
  if (typeof key !== 'string' || !/^[er]:./s.test(key)) return undefined
  return { kind: key.startsWith('e') ? 'entry' : 'refusal', id: key.slice(2) }
}

/** Makes the rows of a journal's entries and refusals. */
export class RowMaker {
  readonly #journal: Journal
  readonly #providers: ProviderBook
  /** A refusal never changes, and its body is parsed for its type. */
  readonly #refusals = new Map<string, Row>()

  constructor(journal: Journal, providers: ProviderBook) {
    this.#journal = journal
    this.#providers = providers
  }

  async ofEntry(entry: JournalEntry): Promise<Row> {
    // A database would be read once more for each row, and has nothing to add.
    const arrivals = this.#journal.isDurable ? [] : await this.#journal.arrivals(entry.id)
    return rowOfEntry(entry, arrivals)
  }

  async ofRefusal(refusal: JournalRefusal): Promise<Row> {
    const known = this.#refusals.get(refusal.id)
    if (known !== undefined) return known
    const [arrival] = await this.#journal.arrivals(refusal.id)
    const row = rowOfRefusal(refusal, arrival, this.#providers)
    this.#refusals.set(refusal.id, row)
    if (this.#refusals.size > 1_000) this.#refusals.delete(this.#refusals.keys().next().value!)
    return row
  }
}

function rowOfEntry(entry: JournalEntry, arrivals: readonly JournalArrival[]): Row {
  const { id, provider, account, type, name, entity, state, firstReceivedAt, attempts } = entry
  const last = attempts.at(-1)
  const about = arrivals[0]?.about ?? entity
  const running = arrivals.at(-1)
  return {
    key: entryKey(id),
    kind: 'entry',
    id,
    at: firstReceivedAt.getTime(),
    provider,
    ...(account !== undefined && { account }),
    type: name ?? type,
    ...(about !== undefined && { about }),
    state,
    ...(last?.code !== undefined && { code: last.code }),
    status: last?.status ?? 0,
    // From the arrival on; the journal itself counts from the claim.
    durationMs: rounded(running?.steps.at(-1)?.endedAtMs ?? last?.durationMs ?? 0),
    attempts: Math.max(last?.number ?? 0, running?.attempt ?? 0),
  }
}

function rowOfRefusal(refusal: JournalRefusal, arrival: JournalArrival | undefined, providers: ProviderBook): Row {
  const { id, at, provider, code } = refusal
  // Nothing of it is proven: it helps to find the delivery that was meant.
  const described = describe(refusal, providers)
  return {
    key: refusalKey(id),
    kind: 'refusal',
    id,
    at: at.getTime(),
    ...(provider !== undefined && { provider }),
    ...(described?.type !== undefined && { type: described.type }),
    ...(described?.about !== undefined && { about: described.about }),
    state: 'refused',
    code,
    status: arrival?.status ?? STATUS_BY_CODE[code] ?? 401,
    durationMs: rounded(arrival?.steps.at(-1)?.endedAtMs ?? 0),
    attempts: 1,
  }
}

function describe({ provider: name, body, headers }: JournalRefusal, providers: ProviderBook) {
  const provider = providers.find(name)?.provider
  const payload = body === undefined || provider === undefined ? undefined : payloadOf(body, provider)
  if (payload === undefined || provider === undefined) return undefined
  try {
    const { type, entity, about } = provider.describe(payload, { header: (wanted) => headers[wanted] })
    const texts = [...(about?.addresses ?? []), entity, ...(about?.ids ?? [])].flat(2)
    const first = texts.find((text) => typeof text === 'string' && text !== '')
    return {
      type: typeof type === 'string' ? type.slice(0, MAX_TEXT) : undefined,
      about: typeof first === 'string' ? withoutName(first).slice(0, MAX_TEXT) : undefined,
    }
  } catch {
    // An own provider may fail on a payload of any shape.
    return undefined
  }
}

const MAX_TEXT = 200

/** Reads `Ada <ada@example.com>` as the rows of events have it. */
function withoutName(text: string): string {
  const address = text.slice(text.lastIndexOf('<') + 1, -1)
  return text.endsWith('>') && /^[^<>\s@]+@[^<>\s@]+$/.test(address) ? address.toLowerCase() : text
}

/** Of a stored refusal only the code is known. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  body_invalid: 400,
  payload_invalid: 422,
  body_too_large: 413,
  encoding_unsupported: 415,
  method_not_allowed: 405,
  body_already_read: 500,
  internal_error: 500,
  store_unavailable: 503,
  journal_unavailable: 503,
}

const rounded = (ms: number) => Math.round(ms * 10) / 10
