import type { Provider } from '@mailbox-hooks/core'
import type { Sender } from '@mailbox-hooks/core/play'
import type { Payload } from './sender.js'

interface OwnSender {
  readonly sender: Sender
  /** Returns the payload as another event, which happened at `at`. */
  another(payload: Payload, id: string, at: Date): Payload
}

/** Attempts that a provider of which only the span is known may make, in milliseconds after the one before. */
const WAITS_MS = [5_000, 60_000, 300_000]

/** The sending side of a provider that somebody has defined: as much as follows from its definition. */
export function ownSender(provider: Provider): OwnSender {
  const { spanMs, clientErrorsAreFinal = false } = provider.retries
  const waits = WAITS_MS.filter((_, index) => sum(WAITS_MS.slice(0, index + 1)) < spanMs)
  const sender: Sender = {
    retryAfterMs: waits.length > 0 ? waits : [spanMs / 2],
    clientErrorsAreFinal,
    identity: () => ({}),
  }
  return { sender, another: (payload, id, at) => anotherEvent(provider, payload, id, at) }
}

/**
 * Finds the fields by which the provider names an event and its time, and gives them other values. Where the id stands in a
 * header, the body's time makes another body, and another id of it.
 */
function anotherEvent(provider: Provider, payload: Payload, id: string, at: Date): Payload {
  const { id: described, occurredAt, type } = provider.describe(payload, { header: () => undefined })
  const parts = [described]
    .flat()
    .filter((part) => (typeof part === 'string' || typeof part === 'number') && part !== type)
  const own = parts.at(-1)
  // The hash of the body may stand for an id, and an id in a header may be made of it.
  return replaced(payload, (value) => {
    if (value === occurredAt && value !== undefined) return at.toISOString()
    if (own === undefined || value !== own) return value
    return typeof own === 'number' ? at.getTime() : id
  }) as Payload
}

function replaced(value: unknown, by: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item, by))
  if (typeof value !== 'object' || value === null) return by(value)
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, replaced(field, by)]))
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
