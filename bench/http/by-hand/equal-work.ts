import type { IncomingHttpHeaders } from 'node:http'
import { claim } from './claims.js'
import { type Event, parseEvent } from './event.js'
import { isSigned } from './signature.js'

/**
 * To the same end as ours, by hand: signature with its window, strict JSON, schema, claim. Returns the event to be handled,
 * or the status of the answer.
 */
export function receive(headers: IncomingHttpHeaders, body: Uint8Array): Event | number {
  if (!isSigned(headers, body)) return 401
  const event = parseEvent(body)
  if (typeof event === 'number') return event
  return claim(event.event_id) ?? event
}

/** The body of an answer that no handler gives. */
export const answerOf = (status: number) => (status === 200 ? { received: true, duplicate: true } : { received: false })
