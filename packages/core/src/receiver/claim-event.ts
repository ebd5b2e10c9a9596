import { bodyMemoryMs } from '../claim/body-memory.js'
import { type ClaimLock, StoreLock } from '../claim/claim-lock.js'
import type { EntityOrder } from '../claim/entity-order.js'
import type { GuardedStore } from '../claim/guarded-store.js'
import { firstLeaseMs, HeldClaim } from '../claim/held-claim.js'
import { inFlight, WebhookError } from '../errors.js'
import type { EntryRun } from '../journal/entry-run.js'
import type { ReceiverSteps } from '../journal/receiver-steps.js'
import { andThen, isPromise, type MaybePromise } from '../options/maybe-promise.js'
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
 * Returns undefined if the event was already handled, or is queued. Fails with `in_flight` if it is being handled, and
 * with `store_unavailable` or `journal_unavailable` if they do not answer.
 */
export function claimEvent(
  recognized: Recognized,
  arrival: Arrival,
  tools: ClaimTools,
): MaybePromise<Claimed | undefined> {
  arrival.report.enter('claim')
  const position = tools.order?.positionOf(recognized.verified.provider, recognized, arrival.receivedAtMs)
  const onCompleted = position && (() => position.record())
  return andThen(claimInStore(recognized, tools, position), (filtered) => {
    if (filtered === undefined) return undefined
    const { lock, stale } = filtered
    if (tools.journal !== undefined)
      return recordClaimed(recognized, arrival, tools, { journal: tools.journal, filtered, onCompleted })
    arrival.report.noteNoRun()
    const held = lock && holdClaim(lock, recognized, arrival, tools, onCompleted)
    return { recognized, id: recognized.key, held, run: undefined, stale }
  })
}

/** Records a claimed event in the journal, which may know it already. */
async function recordClaimed(
  recognized: Recognized,
  arrival: Arrival,
  tools: ClaimTools,
  { journal, filtered, onCompleted }: { journal: ReceiverSteps; filtered: Filtered; onCompleted: OnCompleted },
): Promise<Claimed | undefined> {
  const { settings } = tools
  const { lock: storeLock, stale } = filtered
  const entry = await journal.recordArrival(arrivedEvent(recognized, arrival), termsOf(recognized, settings, storeLock))
  if (entry.status === 'known') return undefined
  const { run, id } = entry
  if (run === undefined) arrival.report.noteNoRun()
  // What is queued already has no run to be held.
  const lock = isQueuedHere(settings) ? storeLock : journal.lockOf(run, storeLock)
  const held = lock && holdClaim(lock, recognized, arrival, tools, onCompleted)
  // With `ordering` and no store, the journal knows what was handled.
  const isJournalAsked = settings.ordering && tools.store === undefined
  const isStale = isJournalAsked ? await journal.recorder.isStale(placeOf(recognized)) : stale
  return { recognized, id, held, run, stale: isStale }
}

type Position = ReturnType<EntityOrder['positionOf']>
type OnCompleted = (() => Promise<void>) | undefined

/** What the store says of an event that was not handled. Without a lock if there is no store, or it may be ignored. */
interface Filtered {
  readonly lock: StoreLock | undefined
  readonly stale: boolean | undefined
}

const UNFILTERED: Filtered = { lock: undefined, stale: undefined }

/** Claims in the store. Undefined if the event was handled. */
function claimInStore(
  recognized: Recognized,
  { settings, store }: ClaimTools,
  position: Position,
): MaybePromise<Filtered | undefined> {
  if (store === undefined) return UNFILTERED
  // Before the claim: if this fails, there is no claim to release.
  const filtered = andThen(position?.isStale(), (stale) => claimAsNew(store, recognized, settings, stale))
  if (!isPromise(filtered) || !settings.handleWhenStoreIsDown) return filtered
  return filtered.catch((error) => {
    if (error instanceof WebhookError && error.code === 'store_unavailable') return UNFILTERED
    throw error
  })
}

function claimAsNew(
  store: GuardedStore,
  { key, event, hasNativeId, verified: { provider } }: Recognized,
  { leaseMs, retentionMs, maxHandlerMs = provider.retries.maxHandlerMs }: Settings,
  stale: boolean | undefined,
): MaybePromise<Filtered | undefined> {
  const about = { provider: provider.name, type: event.type }
  return andThen(store.claim(key, firstLeaseMs({ leaseMs, maxHandlerMs }), about), (claim) => {
    if (claim.status === 'done') return undefined
    if (claim.status === 'in-flight') throw inFlight(claim.retryAfterMs)
    // Without a native id, the same body may be a new event once its window is over.
    const rememberMs = hasNativeId ? retentionMs : bodyMemoryMs(provider)
    return { lock: new StoreLock(store, { key, token: claim.token, retentionMs: rememberMs }), stale }
  })
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
