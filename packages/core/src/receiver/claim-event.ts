import { bodyMemoryMs } from '../claim/body-memory.js'
import { type ClaimLock, StoreLock } from '../claim/claim-lock.js'
import type { EntityOrder } from '../claim/entity-order.js'
import type { GuardedStore } from '../claim/guarded-store.js'
import { firstLeaseMs, HeldClaim } from '../claim/held-claim.js'
import { inFlight, WebhookError } from '../errors.js'
import type { EntryRun } from '../journal/entry-run.js'
import type { ReceiverSteps } from '../journal/receiver-steps.js'
import type { OutcomeKind } from '../outcome/outcome.js'
import type { Timeouts } from '../timeouts.js'
import { arrivedEvent } from './arrived-event.js'
import { isQueuedHere, type Settings } from './receiver-options.js'
import type { Recognized } from './recognize.js'
import type { Arrival } from './verify.js'

/** An event that this request may handle. */
export interface Claimed {
  readonly recognized: Recognized
  /** The id of the delivery: the deduplication key, or the id of the journal's entry. */
  readonly id: string
  /** The claim. Undefined if the store is down and `handleWhenStoreIsDown` is set. */
  readonly held: HeldClaim | undefined
  /** The run of the event's entry in the journal. */
  readonly run: EntryRun | undefined
  /** Whether a newer event of the same entity was already handled. Undefined if that is not known. */
  readonly stale: boolean | undefined
  /** Set in a run that a ticket began: when the event came first, and the number of this attempt. */
  readonly replay?: { readonly receivedAtMs: number; readonly number: number }
}

export interface ClaimTools {
  readonly settings: Settings
  readonly timeouts: Timeouts
  /** Undefined where a durable journal decides alone. */
  readonly store: GuardedStore | undefined
  readonly order: EntityOrder | undefined
  /** The steps that a journal adds, if there is one. */
  readonly journal: ReceiverSteps | undefined
}

/**
 * Claims an event, in the store and in the journal, as far as there are these. A durable journal decides; a store in front
 * of it is a filter.
 *
 * Resolves to undefined if the event was already handled, or is queued. Throws `in_flight` if it is being handled, and
 * `store_unavailable` or `journal_unavailable` if they do not answer.
 */
export async function claimEvent(
  recognized: Recognized,
  arrival: Arrival,
  tools: ClaimTools,
): Promise<Claimed | undefined> {
  arrival.report.enter('claim')
  const position = tools.order?.positionOf(recognized.verified.provider, recognized, arrival.receivedAtMs)
  const filtered = await claimInStore(recognized, tools, position)
  if (filtered === undefined) return undefined
  const { lock: storeLock, stale } = filtered
  const { journal, settings } = tools
  const entry =
    journal &&
    (await journal.recordArrival(arrivedEvent(recognized, arrival), termsOf(recognized, settings, storeLock)))
  if (entry?.status === 'known') return undefined
  const { run, id } = entry ?? { run: undefined, id: recognized.key }
  if (run === undefined) arrival.report.noteNoRun()
  // What is queued already has no run to be held.
  const lock = journal === undefined || isQueuedHere(settings) ? storeLock : journal.lockOf(run, storeLock)
  const held = lock && holdClaim(lock, recognized, arrival, tools, position && (() => position.record()))
  // With `ordering` and no store, the journal knows what was handled.
  const isJournalAsked = settings.ordering && tools.store === undefined
  const isStale = isJournalAsked ? await journal?.recorder.isStale(placeOf(recognized)) : stale
  return { recognized, id, held, run, stale: isStale }
}

type Position = ReturnType<EntityOrder['positionOf']>

/** Claims in the store. Undefined if the event was handled. Without a lock if the store is down and may be ignored. */
async function claimInStore(
  { key, event, hasNativeId, verified }: Recognized,
  { settings, store }: ClaimTools,
  position: Position,
): Promise<{ readonly lock: StoreLock | undefined; readonly stale: boolean | undefined } | undefined> {
  if (store === undefined) return { lock: undefined, stale: undefined }
  const { provider } = verified
  const { leaseMs, retentionMs, maxHandlerMs = provider.retries.maxHandlerMs } = settings
  try {
    // Before the claim: if this fails, there is no claim to release.
    const stale = position && (await position.isStale())
    const about = { provider: provider.name, type: event.type }
    const claim = await store.claim(key, firstLeaseMs({ leaseMs, maxHandlerMs }), about)
    if (claim.status === 'done') return undefined
    if (claim.status === 'in-flight') throw inFlight(claim.retryAfterMs)
    // Without a native id, the same body may be a new event once its window is over.
    const rememberMs = hasNativeId ? retentionMs : bodyMemoryMs(provider)
    return { lock: new StoreLock(store, { key, token: claim.token, retentionMs: rememberMs }), stale }
  } catch (error) {
    const isOutage = error instanceof WebhookError && error.code === 'store_unavailable'
    if (!isOutage || !settings.handleWhenStoreIsDown) throw error
    return { lock: undefined, stale: undefined }
  }
}

function termsOf({ verified }: Recognized, settings: Settings, storeLock: StoreLock | undefined) {
  const { leaseMs, maxHandlerMs = verified.provider.retries.maxHandlerMs } = settings
  const as = isQueuedHere(settings) ? 'queued' : 'received'
  return { as, leaseMs: firstLeaseMs({ leaseMs, maxHandlerMs }), storeLock } as const
}

function holdClaim(
  lock: ClaimLock,
  { verified }: Recognized,
  { report }: Arrival,
  { settings, timeouts }: ClaimTools,
  onCompleted: (() => Promise<void>) | undefined,
): HeldClaim {
  const { leaseMs, maxHandlerMs = verified.provider.retries.maxHandlerMs } = settings
  const onTimeUp = (isHandled: boolean | undefined) => report.report(kindAtTimeUp(isHandled), 0)
  return new HeldClaim({ lock, timeouts, leaseMs, maxHandlerMs, onCompleted, onTimeUp })
}

const placeOf = ({ verified, entity, occurredAtMs }: Recognized) => ({
  provider: verified.provider,
  entity,
  occurredAtMs,
})

function kindAtTimeUp(isHandled: boolean | undefined): OutcomeKind {
  if (isHandled === undefined) return 'abandoned'
  return isHandled ? 'handled' : 'failed'
}
