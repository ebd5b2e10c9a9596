import { HeldClaim } from '../claim/held-claim.js'
import type { Delivery } from '../delivery/delivery.js'
import type { ReceivedDelivery } from '../delivery/received-delivery.js'
import { markNotCommitted, payloadInvalid } from '../errors.js'
import { dispatch, wasLeftToNobody } from '../event/dispatch.js'
import { recognizeEvent } from '../event/recognize-event.js'
import { type RunFacts, type RunListeners, RunReport } from '../outcome/run-report.js'
import type { Provider } from '../providers/provider.js'
import { storedError } from '../queue/stored-error.js'
import { printedError } from '../redaction/printed-error.js'
import { secretCutter } from '../redaction/secret-cutter.js'
import { parseJson } from '../request/parse-json.js'
import type { Timeouts } from '../timeouts.js'
import { type EntryMeta, unpackContent } from './entry-parts.js'
import { EntryRun } from './entry-run.js'
import type { EntrySealer } from './entry-sealer.js'
import type { GuardedJournalStore } from './guarded-journal-store.js'
import type { JournalHandler } from './journal.js'
import type { AttemptSource, Ending, TakenRow } from './journal-store.js'
import { deliveryOf, readMeta } from './read-entry.js'

/** What every run of an entry needs. */
export interface RunTools {
  readonly namespace: string
  readonly store: GuardedJournalStore
  readonly sealer: EntrySealer
  readonly timeouts: Timeouts
  /** Whether a newer event about the same entity has been handled. */
  readonly isStale: (row: TakenRow, meta: EntryMeta) => Promise<boolean | undefined>
}

/** How to run an entry. */
export interface RunTerms {
  readonly source: AttemptSource
  readonly leaseMs: number
  readonly maxHandlerMs: number
  readonly providers: readonly Provider[] | undefined
  /** What becomes of the entry when the handler fails. */
  readonly onFailure: Pick<Ending, 'state' | 'next'>
  /** Called with the claim while it is held. */
  readonly onBegin?: (claim: HeldClaim) => void
  /** Listen to this run. A replay has none: it resolves to what became of each entry. */
  readonly listeners?: RunListeners
}

/** Runs the handler for an entry that was taken, and finishes it. Resolves to whether it was handled; never rejects. */
export async function runRow(
  row: TakenRow,
  handler: JournalHandler<Delivery>,
  terms: RunTerms,
  tools: RunTools,
): Promise<boolean> {
  const { namespace, store, sealer, timeouts } = tools
  const { source, onFailure, leaseMs, maxHandlerMs } = terms
  const { keyHash, hash, token, number } = row
  const run = new EntryRun(store, { namespace, keyHash, hash, token, number, source, onFailure })
  const held = new HeldClaim({
    lock: run,
    timeouts,
    leaseMs,
    maxHandlerMs,
    onCompleted: undefined,
    onTimeUp: () => undefined,
  })
  terms.onBegin?.(held)
  const meta = metaOf(row, sealer)
  const report = new RunReport(terms.listeners ?? {}, meta?.trace)
  const { failure, opened } = await attempt(row, handler, { held, report, meta }, terms, tools)
  const sealedError = failure && sealError(sealer, hash, failure)
  run.describe({ status: failure === undefined ? 200 : 500, keyId: sealer.keyId, ...sealedError })
  const { isHandled, isConfirmed } = await held.settle(failure === undefined)
  await run.close(isHandled ? 'handled' : 'failed')
  const facts = factsOf(row, opened?.delivery)
  if (isHandled) {
    const handledBy = opened && wasLeftToNobody(opened.delivery) ? 'nobody' : undefined
    report.end(facts, { kind: 'handled', settled: isConfirmed, handledBy })
  } else {
    const error = printedError(failure ?? markNotCommitted(), NOTHING_TO_CUT)
    report.end(facts, { kind: onFailure.state === 'dead' ? 'dead' : 'failed', settled: isConfirmed, error })
  }
  return isHandled
}

interface OpenedEntry {
  readonly delivery: ReceivedDelivery
  readonly credentials: readonly string[]
}

/** Resolves to the error with which the handler failed, credentials cut out. */
async function attempt(
  row: TakenRow,
  handler: JournalHandler<Delivery>,
  run: { readonly held: HeldClaim; readonly report: RunReport; readonly meta: EntryMeta | undefined },
  { source, providers }: RunTerms,
  { sealer, isStale }: RunTools,
): Promise<{ readonly failure?: Error; readonly opened?: OpenedEntry }> {
  const { held, report } = run
  let opened: OpenedEntry | undefined
  try {
    const event = providers && (await recognizeAnew(row, providers, sealer))
    // Throws what was wrong with it.
    const meta = run.meta ?? readMeta(sealer, row)
    const stale = await isStale(row, meta)
    const replayed = source === 'replay' ? true : undefined
    opened = deliveryOf({ sealer, row, meta }, held, { stale, replayed, ...(event !== undefined && { event }) })
    const { delivery } = opened
    report.enter('handler')
    await report.run(() => callHandler(handler, delivery))
    return { opened }
  } catch (error) {
    return opened === undefined ? { failure: Object(error) } : { failure: storedError(error, opened), opened }
  } finally {
    report.leave()
  }
}

function factsOf(
  { provider, account, type, runs, firstReceivedAt }: TakenRow,
  delivery: Delivery | undefined,
): RunFacts {
  const name = delivery?.event.known === false ? delivery.event.name : undefined
  const queuedMs = Date.now() - firstReceivedAt
  return { provider, account, id: delivery?.id, type, name, trust: delivery?.trust, attempt: runs, queuedMs }
}

/** Undefined where it cannot be opened. */
function metaOf(row: TakenRow, sealer: EntrySealer): EntryMeta | undefined {
  try {
    return readMeta(sealer, row)
  } catch {
    return undefined
  }
}

/** `storedError` has cut the credentials out, and other errors quote no payload. */
const NOTHING_TO_CUT = secretCutter([])

/** The event as the providers recognise it today; undefined where none of them is its own. */
async function recognizeAnew(row: TakenRow, providers: readonly Provider[], sealer: EntrySealer) {
  const provider = providers.find(({ name, account }) => name === row.provider && account === row.account)
  if (provider === undefined) return undefined
  const { headers, body } = unpackContent(sealer.open('content', row.hash, row.keyId, row.content))
  const parts = { payload: parseJson(body), body, headers: { header: (name: string) => headers[name] } }
  const { event, type, issues } = await recognizeEvent(provider, parts)
  if (issues !== undefined) throw payloadInvalid(type ?? 'unknown', issues)
  return event
}

async function callHandler(handler: JournalHandler<Delivery>, delivery: Delivery): Promise<unknown> {
  return typeof handler === 'function' ? handler(delivery) : dispatch(delivery, handler)
}

function sealError(sealer: EntrySealer, hash: string, { name, message }: Error) {
  const text = JSON.stringify({ name, message: String(message).slice(0, MAX_MESSAGE) })
  return { error: sealer.seal('error', hash, Buffer.from(text)) }
}

/** A handler's error may quote a whole payload. */
const MAX_MESSAGE = 2_000
