import type {
  Journal,
  JournalArrival,
  JournalAttempt,
  JournalEntry,
  JournalRefusal,
  RegisteredDelivery,
} from '@mailbox-hooks/core'
import type { AttemptDetail, Detail } from '../api.js'
import { viewRequest } from '../view/request-view.js'
import type { Diagnoses } from './diagnosis.js'
import type { ProviderBook, ShownProvider } from './provider-book.js'
import type { RowMaker } from './row.js'

/** A delivery with everything that is known of it, as the routes need it. */
export interface Delivered {
  readonly entry: JournalEntry | undefined
  readonly refusal: JournalRefusal | undefined
  readonly arrivals: readonly JournalArrival[]
  readonly shown: ShownProvider | undefined
}

export interface DetailParts {
  readonly journal: Journal
  readonly rows: RowMaker
  readonly providers: ProviderBook
  readonly diagnoses: Diagnoses
  readonly actionsOf: (delivered: Delivered) => Promise<Detail['actions']>
}

type Key = { readonly kind: 'entry' | 'refusal'; readonly id: string }

/** Reads what a key names. Undefined if it is gone. */
export async function readDelivered({ kind, id }: Key, parts: Pick<DetailParts, 'journal' | 'providers'>) {
  const { journal, providers } = parts
  const entry = kind === 'entry' ? await journal.entry(id) : undefined
  const refusal =
    kind === 'refusal' ? (await journal.refusals({ limit: 1_000 })).find((each) => each.id === id) : undefined
  const owner = entry ?? refusal
  if (owner === undefined) return undefined
  const shown = providers.find(owner.provider, entry?.account)
  const delivered: Delivered = { entry, refusal, arrivals: await journal.arrivals(id), shown }
  return delivered
}

/** Shows one delivery: its attempts, its requests without credentials, and why it was refused. */
export async function readDetail(key: Key, parts: DetailParts): Promise<Detail | undefined> {
  const delivered = await readDelivered(key, parts)
  if (delivered === undefined) return undefined
  const actions = await parts.actionsOf(delivered)
  const { entry, refusal } = delivered
  if (entry !== undefined) return { ...(await detailOfEntry(entry, delivered, parts)), actions }
  return refusal && { ...(await detailOfRefusal(refusal, delivered, parts)), actions }
}

async function detailOfEntry(entry: JournalEntry, { arrivals, shown }: Delivered, parts: DetailParts) {
  const { id, entity, trust } = entry
  const nextAttemptAt = nextAttempt(entry, shown)
  const issues = arrivals.at(-1)?.issues ?? issuesOf(await parts.journal.open(id).catch(() => undefined))
  const numbers = new Set([
    ...entry.attempts.map(({ number }) => number),
    ...arrivals.map(({ attempt = 0 }) => attempt),
  ])
  const attempts = [...numbers].sort((one, other) => one - other)
  // Without a verification there is no reading, and the trust is nobody's word.
  const isProven =
    parts.journal.isDurable || arrivals.some(({ reading }) => reading !== undefined) || arrivals.length === 0
  return {
    row: await parts.rows.ofEntry(entry),
    ...(entity !== undefined && { entity }),
    ...(isProven && { trust }),
    ...(nextAttemptAt !== undefined && { nextAttemptAt }),
    ...(issues !== undefined && { issues }),
    attempts: attempts.map((number) =>
      attemptDetail(
        entry.attempts.find((each) => each.number === number),
        arrivals.find((each) => each.attempt === number),
        shown,
      ),
    ),
  }
}

const issuesOf = (delivery: RegisteredDelivery | undefined) =>
  delivery !== undefined && !delivery.event.known ? delivery.event.issues : undefined

async function detailOfRefusal(refusal: JournalRefusal, { arrivals, shown }: Delivered, parts: DetailParts) {
  const [arrival] = arrivals
  const row = await parts.rows.ofRefusal(refusal)
  const { status, code, durationMs } = row
  const attempt: AttemptDetail = {
    ...{ number: 1, at: refusal.at.getTime(), source: 'provider', kind: 'rejected', status, durationMs },
    ...(code !== undefined && { code }),
    ...shownArrival(arrival, shown),
  }
  return { row, attempts: [attempt], diagnosis: await parts.diagnoses.of(refusal, arrival) }
}

function attemptDetail(
  attempt: JournalAttempt | undefined,
  arrival: JournalArrival | undefined,
  shown: ShownProvider | undefined,
): AttemptDetail {
  const request = shownArrival(arrival, shown)
  if (attempt === undefined) {
    const [number, at] = [arrival?.attempt ?? 1, arrival?.receivedAt.getTime() ?? 0]
    const durationMs = arrival?.steps.at(-1)?.endedAtMs ?? 0
    return { number, at, source: 'provider', kind: 'running', status: 0, durationMs, ...request }
  }
  const { number, at, source, kind, status, code, error } = attempt
  const durationMs = arrival?.steps.at(-1)?.endedAtMs ?? attempt.durationMs
  return {
    ...{ number, at: at.getTime(), source, kind, status, durationMs: Math.round(durationMs * 10) / 10 },
    ...(code !== undefined && { code }),
    ...(error !== undefined && { error }),
    ...request,
  }
}

function shownArrival(arrival: JournalArrival | undefined, shown: ShownProvider | undefined): Partial<AttemptDetail> {
  if (arrival === undefined) return {}
  const { reading, secret, steps, answer } = arrival
  return {
    ...(reading !== undefined && { reading }),
    ...(secret !== undefined && { secret }),
    ...(steps.length > 0 && { steps: lengthsOf(steps) }),
    request: viewRequest(arrival, shown?.provider),
    ...(answer !== undefined && {
      answer: {
        status: answer.status,
        headers: viewRequest({ method: '', rawHeaders: answer.rawHeaders }, undefined).headers.map(
          ({ name, value }) => [name, value] as const,
        ),
        body: viewRequest({ method: '', rawHeaders: answer.rawHeaders, body: answer.body }, undefined).body?.text ?? '',
      },
    }),
  }
}

/** A step begins where the one before it ended. */
function lengthsOf(steps: JournalArrival['steps']): NonNullable<AttemptDetail['steps']> {
  let before = 0
  return steps.map(({ name, endedAtMs }) => {
    const step = { name, atMs: rounded(before), ms: rounded(endedAtMs - before) }
    before = endedAtMs
    return step
  })
}

const rounded = (ms: number) => Math.round(ms * 1000) / 1000

/** When the provider sends a failed event again, by its documented waits; or when `work` takes it. */
function nextAttempt(entry: JournalEntry, shown: ShownProvider | undefined): number | undefined {
  const { state, attempts, nextAttemptAt } = entry
  const last = attempts.findLast(({ source }) => source === 'provider')
  const waits = shown?.sender?.retryAfterMs
  const isFinal = shown?.sender?.clientErrorsAreFinal && last !== undefined && last.status >= 400 && last.status < 500
  if (state === 'failed' && last !== undefined && waits !== undefined && !isFinal) {
    const count = attempts.filter(({ source }) => source === 'provider').length
    const at = last.at.getTime() + (waits[count - 1] ?? Number.NaN)
    if (at > Date.now()) return at
  }
  return nextAttemptAt?.getTime()
}
