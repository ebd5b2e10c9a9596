import type { StoreLock } from '../claim/claim-lock.js'
import { inFlight, type WebhookError } from '../errors.js'
import { orFalse } from '../options/maybe-promise.js'
import type { ArrivedEvent } from './arrived-event.js'
import type { EntryRun } from './entry-run.js'
import type { Recorder } from './recorder.js'

/** What a delivery found in the journal: its run may begin, or it is known there. */
export type RecordedArrival =
  | { readonly status: 'begun'; readonly run: EntryRun | undefined; readonly id: string }
  | { readonly status: 'known' }

export interface ArrivalTerms {
  readonly as: 'received' | 'queued'
  readonly leaseMs: number
  /** The claim in the store, where there is one in front. */
  readonly storeLock: StoreLock | undefined
}

/**
 * Begins a run of the event's entry in the journal. Where the journal decides and knows the event, the claim in the store
 * is settled accordingly. Throws `in_flight` and `journal_unavailable`, with the claim given back.
 */
export async function recordArrival(
  recorder: Recorder,
  arrived: ArrivedEvent,
  { as, leaseMs, storeLock }: ArrivalTerms,
): Promise<RecordedArrival> {
  // In memory it may not keep a delivery from its handler: the store has decided.
  if (!recorder.isDurable && as !== 'queued') return recordOnly(recorder, arrived, leaseMs)
  try {
    const recorded = await recorder.begin(arrived, as, leaseMs)
    if (recorded.status === 'begun') return recorded
    if (recorded.status === 'in-flight') throw inFlight(recorded.retryAfterMs)
  } catch (error) {
    await orFalse(storeLock?.release())
    throw error
  }
  await orFalse(storeLock?.complete())
  return { status: 'known' }
}

async function recordOnly(recorder: Recorder, arrived: ArrivedEvent, leaseMs: number): Promise<RecordedArrival> {
  const recorded = await recorder.begin(arrived, 'received', leaseMs).catch(() => undefined)
  return recorded?.status === 'begun' ? recorded : { status: 'begun', run: undefined, id: arrived.key }
}

/** Records an authentic payload that is refused, as failed. Resolves to whether this attempt is written. */
export async function recordRefused(
  recorder: Recorder,
  arrived: ArrivedEvent,
  { status, code }: WebhookError,
): Promise<boolean> {
  const recorded = await recorder.begin(arrived, 'failed', NO_LEASE)
  // Any other entry has its attempts noted when the outcome is reported.
  if (recorded.status !== 'begun') return false
  recorded.run.describe({ status, code, keyId: '' })
  await recorded.run.close('rejected')
  return true
}

/** Nothing runs. */
const NO_LEASE = 0
