import { internalError, WebhookError } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import type { JsonObject } from '../request/parse-json.js'
import { type Answer, DUPLICATE, QUEUED, RECEIVED, refusal } from './answer.js'
import type { Recognized } from './recognize.js'
import type { Arrival, Verified } from './verify.js'

interface ListedEvent {
  readonly recognized: Recognized
  readonly arrival: Arrival
}

/** What one event of a list goes through: the same as the event of a request of its own. */
export interface EventSteps {
  recognize(verified: Verified, payload: JsonObject, arrival: Arrival): Promise<Recognized>
  /** Claims the event and puts it into the queue. Throws a `WebhookError` when that fails. */
  queue(recognized: Recognized, arrival: Arrival): Promise<'queued' | 'duplicate'>
  /** Begins the report of another event of the same request. */
  another(): Arrival
}

/** So many events of a list are on their way at a time. */
const CONCURRENCY = 20

/**
 * Queues each event of a list, and answers 2xx only if all of them are queued or were before. Otherwise the provider sends
 * the whole list again, and those that are queued are duplicates then. Each event has an outcome of its own.
 */
export async function queueEvents(
  items: readonly { readonly payload: JsonObject; readonly body: Uint8Array }[],
  verified: Verified,
  arrival: Arrival,
  steps: EventSteps,
): Promise<{ readonly answer: Answer; readonly error?: WebhookError }> {
  const listed: ListedEvent[] = []
  for (const [index, { payload, body }] of items.entries()) {
    const own = index === 0 ? arrival : steps.another()
    noteVerified(own, verified, body)
    listed.push({ recognized: await recognizeAnyway({ ...verified, body }, payload, own, steps), arrival: own })
  }
  if (listed.length === 0) {
    arrival.report.report('queued', RECEIVED.status)
    return { answer: RECEIVED }
  }
  const results = await inTurns(byKey(listed), (sameEvents) => queueOnce(sameEvents, steps))
  const failure = results.find((result) => result instanceof WebhookError)
  if (failure !== undefined) return { answer: refusal(failure, false), error: failure }
  return { answer: results.includes('queued') ? QUEUED : DUPLICATE }
}

/** An item for which a schema or a description throws is unknown. Otherwise it would hold up the others for ever. */
async function recognizeAnyway(verified: Verified, payload: JsonObject, arrival: Arrival, { recognize }: EventSteps) {
  const { provider } = verified
  const recognizeBy = (changes: Partial<Provider>) =>
    recognize({ ...verified, provider: { ...provider, ...changes } }, payload, arrival)
  const recognized = await recognize(verified, payload, arrival)
    .catch(unlessRefused(() => recognizeBy({ schemaOf: () => THROWING })))
    .catch(unlessRefused(() => recognizeBy({ describe: () => ({}) })))
  return { ...recognized, verified }
}

const unlessRefused =
  <T>(otherwise: () => Promise<T>) =>
  (error: unknown): Promise<T> =>
    error instanceof WebhookError ? Promise.reject(error) : otherwise()

const THROWING: NonNullable<ReturnType<Provider['schemaOf']>> = {
  '~standard': {
    version: 1,
    vendor: 'mailbox-hooks',
    validate: () => ({ issues: [{ message: 'The schema threw.' }] }),
  },
}

function noteVerified(
  { report, receivedAtMs }: Arrival,
  { provider, proof, sentAtMs, body: arrived }: Verified,
  body: Uint8Array,
): void {
  report.noteBody(body, arrived)
  report.noteAuthentic()
  report.note({
    provider: provider.name,
    account: provider.account,
    trust: proof.trust,
    reading: proof.reading,
    secret: proof.secret,
    ageMs: sentAtMs === undefined ? undefined : receivedAtMs - sentAtMs,
  })
}

/** Some senders put one event into a list twice: at the same moment, the second would find the first in flight. */
function byKey(listed: readonly ListedEvent[]): readonly (readonly ListedEvent[])[] {
  const groups = new Map<string, ListedEvent[]>()
  for (const event of listed) groups.set(event.recognized.key, [...(groups.get(event.recognized.key) ?? []), event])
  return [...groups.values()]
}

type Result = 'queued' | 'duplicate' | WebhookError

/** Queues the first, which the others repeat. Resolves to what became of it. */
async function queueOnce(sameEvents: readonly ListedEvent[], steps: EventSteps): Promise<Result> {
  let first: Result | undefined
  for (const { recognized, arrival } of sameEvents) {
    try {
      const result = await steps.queue(recognized, arrival)
      arrival.report.report(result, QUEUED.status)
      first ??= result
    } catch (thrown) {
      const error = thrown instanceof WebhookError ? thrown : internalError(thrown)
      const { code, message, cause, status } = error
      arrival.report.note({ code, message, cause })
      arrival.report.report(code === 'in_flight' ? 'in-flight' : 'rejected', status)
      return error
    }
  }
  // There is at least one.
  return first!
}

async function inTurns<Item, Result>(items: readonly Item[], handle: (item: Item) => Promise<Result>) {
  const results: Result[] = []
  let next = 0
  const work = async () => {
    while (next < items.length) {
      const index = next++
      results[index] = await handle(items[index]!)
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, work))
  return results
}
