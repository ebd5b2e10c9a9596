import type { ArrivedEvent } from '../journal/arrived-event.js'
import type { Recognized } from './recognize.js'
import type { Arrival } from './verify.js'

/** Returns what the journal stores of a delivery. */
export function arrivedEvent(recognized: Recognized, { request, receivedAtMs, report }: Arrival): ArrivedEvent {
  const { provider, proof, sentAtMs, body } = recognized.verified
  const { key, event, type, about, entity, occurredAtMs, attempt, hasNativeId } = recognized
  const headers = request.headers?.() ?? {}
  const { trace, record } = report
  // Each by its name: to spread an object of so many properties takes as long as three signatures.
  return {
    key,
    provider,
    proof,
    event,
    type,
    about,
    entity,
    occurredAtMs,
    attempt,
    hasNativeId,
    sentAtMs,
    receivedAtMs,
    headers,
    body,
    trace,
    record,
  }
}
