import { HeldClaim } from '../claim/held-claim.js'
import type { Delivery } from '../delivery/delivery.js'
import type { ReceivedDelivery } from '../delivery/received-delivery.js'
import { payloadInvalid } from '../errors.js'
import { dispatch } from '../event/dispatch.js'
import { recognizeEvent } from '../event/recognize-event.js'
import type { Provider } from '../providers/provider.js'
import { storedError } from '../queue/stored-error.js'
import { parseJson } from '../request/parse-json.js'
import type { Timeouts } from '../timeouts.js'
import { unpackContent } from './entry-parts.js'
import { EntryRun } from './entry-run.js'
import type { EntrySealer } from './entry-sealer.js'
import type { GuardedJournalStore } from './guarded-journal-store.js'
import type { JournalHandler } from './journal.js'
import type { AttemptSource, Ending, TakenRow } from './journal-store.js'
import { readDelivery } from './read-entry.js'

/** What every run of an entry needs. */
export interface RunTools {
  readonly namespace: string
  readonly store: GuardedJournalStore
  readonly sealer: EntrySealer
  readonly timeouts: Timeouts
  /** Whether a newer event about the same entity has been handled. */
  readonly isStale: (row: TakenRow) => Promise<boolean | undefined>
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
  const failure = await attempt(row, handler, held, terms, tools)
  const sealedError = failure && sealError(sealer, hash, failure)
  run.describe({ status: failure === undefined ? 200 : 500, keyId: sealer.keyId, ...sealedError })
  const { isHandled } = await held.settle(failure === undefined)
  await run.close(isHandled ? 'handled' : 'failed')
  return isHandled
}

/** Resolves to the error with which the handler failed, credentials cut out. */
async function attempt(
  row: TakenRow,
  handler: JournalHandler<Delivery>,
  held: HeldClaim,
  { source, providers }: RunTerms,
  { sealer, isStale }: RunTools,
): Promise<Error | undefined> {
  let opened: { readonly delivery: ReceivedDelivery; readonly credentials: readonly string[] } | undefined
  try {
    const event = providers && (await recognizeAnew(row, providers, sealer))
    const stale = await isStale(row)
    const replayed = source === 'replay' ? true : undefined
    opened = readDelivery(sealer, row, held, { stale, replayed, ...(event !== undefined && { event }) })
    await callHandler(handler, opened.delivery)
    return undefined
  } catch (error) {
    return opened === undefined ? Object(error) : storedError(error, opened)
  }
}

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
