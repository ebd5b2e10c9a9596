import { randomUUID } from 'node:crypto'
import { checkNames } from '@mailbox-hooks/core/queue'
import { type ProviderName, senderOf } from './providers.js'
import type { Payload } from './senders/sender.js'

/**
 * The same payload as an event of its own, with an id and a time that no other has, so that no receiver takes it for a
 * duplicate. InboxKit gives its events no id: there the time makes the difference, so events that are made in one
 * millisecond happen one after the other. Times that you give with `at` are yours to keep apart.
 *
 * @example
 * const payload = anotherEvent('openmail', sample.openMail['message.received']())
 */
export function anotherEvent<EventPayload extends Payload>(
  provider: ProviderName,
  payload: EventPayload,
  options: { id?: string; at?: Date | number } = {},
): EventPayload {
  const { id = randomUUID(), at = unusedTime() } = checkNames('anotherEvent', options, ['id', 'at'])
  return { ...payload, ...senderOf(provider).identity(id, new Date(at)) }
}

/** The times that were given away last, each millisecond from the first to the last of them. */
const given = { first: 0, last: 0 }

function unusedTime(): number {
  const now = Date.now()
  if (now >= given.first && now <= given.last) {
    given.last += 1
    return given.last
  }
  // Not later than the last: a clock that a test sets back is followed.
  given.first = now
  given.last = now
  return now
}
