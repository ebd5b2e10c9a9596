import type { StoreLock } from '../claim/claim-lock.js'
import { firstLeaseMs } from '../claim/held-claim.js'
import { inFlight } from '../errors.js'
import type { EntryRun } from '../journal/entry-run.js'
import type { ArrivedEvent, Recorder } from '../journal/recorder.js'
import type { Settings } from './receiver-options.js'
import type { Recognized } from './recognize.js'
import type { Arrival } from './verify.js'

/** What a delivery found in the journal: its run may begin, or it is known there. */
export type RecordedArrival =
  | { readonly status: 'begun'; readonly run: EntryRun | undefined; readonly id: string }
  | { readonly status: 'known' }

/**
 * Begins a run of the event's entry in the journal. Where the journal decides and knows the event, the claim in the store
 * is settled accordingly. Throws `in_flight` and `journal_unavailable`, with the claim given back.
 */
export async function recordArrival(
  recognized: Recognized,
  arrival: Arrival,
  { settings }: { readonly settings: Settings },
  recorder: Recorder,
  storeLock: StoreLock | undefined,
): Promise<RecordedArrival> {
  const { leaseMs, maxHandlerMs = recognized.verified.provider.retries.maxHandlerMs } = settings
  const as = isQueuedHere(settings) ? 'queued' : 'received'
  const arrived = arrivedEvent(recognized, arrival)
  // In memory it may not keep a delivery from its handler: the store has decided.
  if (!recorder.isDurable && as !== 'queued') return recordOnly(recorder, arrived, leaseMs)
  try {
    const recorded = await recorder.begin(arrived, as, firstLeaseMs({ leaseMs, maxHandlerMs }))
    if (recorded.status === 'begun') return recorded
    if (recorded.status === 'in-flight') throw inFlight(recorded.retryAfterMs)
  } catch (error) {
    await storeLock?.release().catch(() => false)
    throw error
  }
  await storeLock?.complete().catch(() => false)
  return { status: 'known' }
}

async function recordOnly(recorder: Recorder, arrived: ArrivedEvent, leaseMs: number): Promise<RecordedArrival> {
  const recorded = await recorder.begin(arrived, 'received', leaseMs).catch(() => undefined)
  return recorded?.status === 'begun' ? recorded : { status: 'begun', run: undefined, id: arrived.key }
}

/** Whether the journal itself is the queue of `handOff`, so that one write does both. */
export const isQueuedHere = ({ journal, handOff }: Settings): boolean =>
  journal !== undefined && handOff !== undefined && journal.handOff === (handOff as unknown)

/** What the journal keeps of a delivery. */
export function arrivedEvent(recognized: Recognized, { request, receivedAtMs }: Arrival): ArrivedEvent {
  const { provider, proof, sentAtMs, body } = recognized.verified
  return { ...recognized, provider, proof, sentAtMs, body, receivedAtMs, headers: request.headers?.() ?? {} }
}
