import { checkNames, unsetFault } from '@mailbox-hooks/core/queue'
import { type EventName, type EventPayload, type ProviderName, samplePayload, senderOf } from './providers.js'
import { type Overrides, override } from './samples/overrides.js'
import { headersOf, type Payload, type SigningOptions } from './senders/sender.js'

/** A signed delivery for any client: supertest, `app.inject`, `fetch`. */
export interface SignedDelivery<Body extends string | Uint8Array = string> {
  /** The headers, by lower-case names. */
  readonly headers: Record<string, string>
  /** The exact bytes that were signed. */
  readonly body: Body
}

export interface DeliveryOptions<EventPayload, Body extends string | Uint8Array = string> extends SigningOptions {
  /** Overrides the sample. Set another id to make another event. */
  readonly payload?: Overrides<EventPayload> | undefined
  /** Sets the exact body, which replaces the payload. */
  readonly body?: Body | undefined
  /** Sets the number of this attempt, from 1, which OpenMail puts into its mail events. Default 1. */
  readonly attempt?: number | undefined
}

export const DELIVERY_OPTIONS = ['secret', 'payload', 'body', 'reading', 'encoding', 'prefix', 'time', 'headers']

/**
 * Creates a delivery of an event, with a sample payload, signed as its provider signs.
 *
 * It signs with `node:crypto` and uses no code with which the library verifies, so it tests that both agree. Throws a
 * `TypeError` for an unknown provider, event or option, and for a secret that is empty or a placeholder.
 *
 * @example
 * const { headers, body } = signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: 'test-key' })
 * await request(app).post('/webhooks').set(headers).send(body).expect(200)
 *
 * @example
 * // A second event, five minutes and one second old
 * signedDelivery('openmail', 'message.received', { secret, at: Date.now() - 301_000, payload: { event_id: 'evt_2' } })
 */
export function signedDelivery<
  Name extends ProviderName,
  Event extends EventName<Name>,
  Body extends string | Uint8Array = string,
>(provider: Name, event: Event, options: DeliveryOptions<EventPayload<Name, Event>, Body>): SignedDelivery<Body> {
  const sender = senderOf(provider)
  const { secret } = checkNames('signedDelivery', options, [...DELIVERY_OPTIONS, 'at', 'attempt'])
  if (!secret?.length) throw new TypeError('signedDelivery: secret is missing or empty, and no receiver accepts that')
  const unset = typeof secret === 'string' ? unsetFault(secret) : undefined
  if (unset !== undefined) throw new TypeError(`signedDelivery: secret ${unset}`)
  if (options.body !== undefined) {
    const { body } = options
    return { headers: headersOf(sender, { event, payload: payloadIn(body), body }, options), body }
  }
  const { at = Date.now(), attempt = 1 } = options
  // The overrides have the type of this event's payload, which is one of many here.
  const sample = override(samplePayload(provider, event), options.payload as Overrides<Payload> | undefined)
  const payload = attempt === 1 ? sample : sender.repeat(sample, attempt, new Date(at))
  // Without a body of another kind in the options, `Body` is its default, string.
  const body = JSON.stringify(payload) as Body
  return { headers: headersOf(sender, { event, payload, body }, { ...options, at }), body }
}

/** Returns the payload of a given body, for the headers. Undefined if it is not a JSON object. */
function payloadIn(body: string | Uint8Array): Payload | undefined {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) ?? undefined
  } catch {
    return undefined
  }
}
