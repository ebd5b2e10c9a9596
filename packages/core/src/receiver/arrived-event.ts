import type { ArrivedEvent } from '../journal/arrived-event.js'
import type { Recognized } from './recognize.js'
import type { Arrival } from './verify.js'

/** Returns what the journal stores of a delivery. */
export function arrivedEvent(recognized: Recognized, { request, receivedAtMs, report }: Arrival): ArrivedEvent {
  const { provider, proof, sentAtMs, body } = recognized.verified
  const headers = request.headers?.() ?? {}
  const { trace, record } = report
  return { ...recognized, provider, proof, sentAtMs, body, receivedAtMs, headers, trace, record }
}
