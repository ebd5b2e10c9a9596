import { dedupKey } from './dedup-key.js'
import type { EntityOrder } from './entity-order.js'
import { inFlight, WebhookError } from './errors.js'
import { firstLeaseMs, HeldClaim } from './held-claim.js'
import type { Settings } from './options.js'
import type { OutcomeKind, OutcomeReport } from './outcome.js'
import type { Provider } from './providers/provider.js'
import type { Recognized } from './recognize.js'
import type { GuardedStore } from './stores/guarded-store.js'
import type { Timeouts } from './timeouts.js'

/** The right to handle an event. */
export interface Claimed {
  /** The deduplication key. */
  readonly key: string
  /** Undefined when the event is handled without a claim: the store is down, and `handleWhenStoreIsDown` is set. */
  readonly held: HeldClaim | undefined
  /** Whether a newer event of the same entity has been handled; undefined where that is not known. */
  readonly stale: boolean | undefined
}

export interface ClaimTools {
  readonly settings: Settings
  readonly timeouts: Timeouts
  readonly store: GuardedStore
  readonly order: EntityOrder | undefined
}

/** An event to be claimed. */
export interface Claiming {
  readonly provider: Provider
  readonly recognized: Recognized
  readonly receivedAtMs: number
  readonly report: OutcomeReport
}

/**
 * Claims an event. Undefined when it has been handled before; throws `in_flight` when it is being handled, and
 * `store_unavailable` when the store cannot tell.
 */
export async function claimEvent(
  { settings, timeouts, store, order }: ClaimTools,
  { provider, recognized, receivedAtMs, report }: Claiming,
): Promise<Claimed | undefined> {
  const { namespace, leaseMs, retentionMs, maxHandlerMs = provider.retries.maxHandlerMs } = settings
  const key = dedupKey({ namespace, provider: provider.name, account: provider.account }, recognized.eventId)
  report.facts.id = key
  const position = order?.positionOf(provider, recognized, receivedAtMs)
  const about = { provider: provider.name, type: recognized.event.type }
  try {
    // Before the claim: when this fails there is nothing to give back.
    const stale = position && (await position.isStale())
    const claim = await store.claim(key, firstLeaseMs({ leaseMs, maxHandlerMs }), about)
    if (claim.status === 'done') return undefined
    if (claim.status === 'in-flight') throw inFlight(claim.retryAfterMs)
    const held = new HeldClaim({
      store,
      timeouts,
      key,
      token: claim.token,
      leaseMs,
      // A body that is its own id may rightly come again once the provider has stopped repeating it.
      retentionMs: recognized.hasNativeId ? retentionMs : provider.retries.spanMs,
      maxHandlerMs,
      onCompleted: position && (() => position.record()),
      onTimeUp: (isHandled) => report.report(kindAtTimeUp(isHandled), 0),
    })
    return { key, held, stale }
  } catch (error) {
    const isOutage = error instanceof WebhookError && error.code === 'store_unavailable'
    if (!isOutage || !settings.handleWhenStoreIsDown) throw error
    return { key, held: undefined, stale: undefined }
  }
}

function kindAtTimeUp(isHandled: boolean | undefined): OutcomeKind {
  if (isHandled === undefined) return 'abandoned'
  return isHandled ? 'handled' : 'failed'
}
