import { bodyMemoryMs } from '../claim/body-memory.js'
import { StoreLock } from '../claim/claim-lock.js'
import type { EntityOrder } from '../claim/entity-order.js'
import type { GuardedStore } from '../claim/guarded-store.js'
import { firstLeaseMs, HeldClaim } from '../claim/held-claim.js'
import { inFlight, WebhookError } from '../errors.js'
import type { OutcomeKind } from '../outcome/outcome.js'
import type { Timeouts } from '../timeouts.js'
import type { Settings } from './receiver-options.js'
import type { Recognized } from './recognize.js'
import type { Arrival } from './verify.js'

/** An event that this request may handle. */
export interface Claimed {
  readonly recognized: Recognized
  /** The claim. Undefined if the store is down and `handleWhenStoreIsDown` is set. */
  readonly held: HeldClaim | undefined
  /** Whether a newer event of the same entity was already handled. Undefined if that is not known. */
  readonly stale: boolean | undefined
}

export interface ClaimTools {
  readonly settings: Settings
  readonly timeouts: Timeouts
  readonly store: GuardedStore
  readonly order: EntityOrder | undefined
}

/**
 * Claims an event. Resolves to undefined if it was already handled. Throws `in_flight` if it is being handled, and
 * `store_unavailable` if the store does not answer.
 */
export async function claimEvent(
  recognized: Recognized,
  { receivedAtMs, report }: Arrival,
  { settings, timeouts, store, order }: ClaimTools,
): Promise<Claimed | undefined> {
  report.enter('claim')
  const { key, verified } = recognized
  const { provider } = verified
  const { leaseMs, maxHandlerMs = provider.retries.maxHandlerMs } = settings
  const position = order?.positionOf(provider, recognized, receivedAtMs)
  const about = { provider: provider.name, type: recognized.event.type }
  try {
    // Before the claim: if this fails, there is no claim to release.
    const stale = position && (await position.isStale())
    const claim = await store.claim(key, firstLeaseMs({ leaseMs, maxHandlerMs }), about)
    if (claim.status === 'done') return undefined
    if (claim.status === 'in-flight') throw inFlight(claim.retryAfterMs)
    const held = new HeldClaim({
      lock: new StoreLock(store, { key, token: claim.token, retentionMs: retentionOf(recognized, settings) }),
      timeouts,
      leaseMs,
      maxHandlerMs,
      onCompleted: position && (() => position.record()),
      onTimeUp: (isHandled) => report.report(kindAtTimeUp(isHandled), 0),
    })
    return { recognized, held, stale }
  } catch (error) {
    const isOutage = error instanceof WebhookError && error.code === 'store_unavailable'
    if (!isOutage || !settings.handleWhenStoreIsDown) throw error
    return { recognized, held: undefined, stale: undefined }
  }
}

/** Returns how long to remember the event. Without a native id, the same body may later be a new event. */
function retentionOf({ hasNativeId, verified }: Recognized, { retentionMs }: Settings): number {
  return hasNativeId ? retentionMs : bodyMemoryMs(verified.provider)
}

function kindAtTimeUp(isHandled: boolean | undefined): OutcomeKind {
  if (isHandled === undefined) return 'abandoned'
  return isHandled ? 'handled' : 'failed'
}
