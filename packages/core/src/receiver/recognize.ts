import { dedupKey } from '../claim/dedup-key.js'
import { MAX_PRINTED, type RecognizedEvent, recognizeEvent } from '../event/recognize-event.js'
import { andThen, type MaybePromise } from '../options/maybe-promise.js'
import type { JsonObject } from '../request/parse-json.js'
import type { Arrival, Verified } from './verify.js'

/** A verified delivery with its event and its deduplication key. */
export interface Recognized extends RecognizedEvent {
  readonly verified: Verified
  /** The deduplication key. */
  readonly key: string
}

/** Determines the type, the id and the deduplication key of a verified payload. */
export function recognize(
  verified: Verified,
  payload: JsonObject,
  { request, report }: Arrival,
  { namespace }: { readonly namespace: string },
): MaybePromise<Recognized> {
  const { provider, body } = verified
  report.notePayload(payload, provider.credentials)
  return andThen(recognizeEvent(provider, { payload, body, headers: request }), (recognized) => {
    const { event, type, eventId, hasNativeId, entity, occurredAtMs, attempt, about, issues } = recognized
    const key = dedupKey({ namespace, provider: provider.name, account: provider.account }, eventId)
    const name = event.known ? undefined : event.name?.slice(0, MAX_PRINTED)
    report.note({ id: key, type: event.type, name, issues })
    return { event, type, eventId, hasNativeId, entity, occurredAtMs, attempt, about, issues, verified, key }
  })
}
