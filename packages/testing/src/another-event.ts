import { randomUUID } from 'node:crypto'
import { checkNames } from './check-names.js'
import { type ProviderName, senderOf } from './providers.js'
import type { Payload } from './senders/sender.js'

/**
 * The same payload as an event of its own, with an id and a time that no other has, so that no receiver takes it for a
 * duplicate. InboxKit gives its events no id: there the time makes the difference.
 *
 * @example
 * const payload = anotherEvent('openmail', sample.openMail['message.received']())
 */
export function anotherEvent<EventPayload extends Payload>(
  provider: ProviderName,
  payload: EventPayload,
  options: { id?: string; at?: Date | number } = {},
): EventPayload {
  const { id = randomUUID(), at = Date.now() } = checkNames('anotherEvent', options, ['id', 'at'])
  return { ...payload, ...senderOf(provider).identity(id, new Date(at)) }
}
