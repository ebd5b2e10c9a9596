import { randomUUID } from 'node:crypto'
import { checkNames } from '@mailbox-hooks/core/queue'
import { type PlayableProvider, playable } from './providers.js'
import type { Payload } from './senders/sender.js'

/**
 * Returns the payload as another event, with a unique id and time, so that it is not a duplicate. InboxKit events have no
 * id, so only the time distinguishes them: events made in the same millisecond get successive times. If you pass `at`, use
 * a different time for each event.
 *
 * For a provider of your own, the fields change from which it describes the id and the time.
 *
 * @example
 * const payload = anotherEvent('openmail', sample.openMail['message.received']())
 */
export function anotherEvent<EventPayload extends Payload>(
  provider: PlayableProvider,
  payload: EventPayload,
  options: { id?: string; at?: Date | number } = {},
): EventPayload {
  const { id = randomUUID(), at = unusedTime() } = checkNames('anotherEvent', options, ['id', 'at'])
  // The fields that change have the same types.
  return playable(provider).another(payload, id, new Date(at)) as EventPayload
}

/** The first and the last of the latest times, which include every millisecond between. */
const given = { first: 0, last: 0 }

function unusedTime(): number {
  const now = Date.now()
  if (now >= given.first && now <= given.last) {
    given.last += 1
    return given.last
  }
  // Follow a clock that a test sets back.
  given.first = now
  given.last = now
  return now
}
