import { checkNames, unsetFault } from '@mailbox-hooks/core/queue'
import { type EventName, type EventPayload, type Playable, type PlayableProvider, playable } from './providers.js'
import { type Overrides, override } from './samples/overrides.js'
import { type SchemeRequest, signByScheme } from './senders/scheme-signer.js'
import { type Payload, type SigningOptions, signAs } from './senders/sender.js'

/** A signed delivery for any client: supertest, `app.inject`, `fetch`. */
export interface SignedDelivery<Body extends string | Uint8Array = string> {
  /** The headers, by lower-case names. */
  readonly headers: Record<string, string>
  /** The exact bytes that were signed. */
  readonly body: Body
  /** What belongs behind the `?` of the address, for providers that put a secret there. */
  readonly query?: string
}

export interface DeliveryOptions<EventPayload, Body extends string | Uint8Array = string> extends SigningOptions {
  /** Overrides the sample. Set another id to make another event. */
  readonly payload?: Overrides<EventPayload> | undefined
  /** Sets the exact body, which replaces the payload. */
  readonly body?: Body | undefined
  /** Sets the number of this attempt, from 1, which OpenMail puts into its mail events. Default 1. */
  readonly attempt?: number | undefined
}

export const DELIVERY_OPTIONS = ['secret', 'payload', 'body', 'reading', 'encoding', 'prefix', 'time', 'headers', 'id']

/**
 * Creates a delivery of an event, with a sample payload, signed as its provider signs. The provider is a built-in one, by its
 * name, or one of your own.
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
 *
 * @example
 * signedDelivery(acme({ secrets: [secret] }), 'order.paid', { secret, payload: { data: { amount: 3 } } })
 */
export function signedDelivery<
  P extends PlayableProvider,
  Event extends EventName<P>,
  Body extends string | Uint8Array = string,
>(provider: P, event: Event, options: DeliveryOptions<EventPayload<P, Event>, Body>): SignedDelivery<Body> {
  const played = playable(provider)
  const { secret } = checkNames('signedDelivery', options, [...DELIVERY_OPTIONS, 'at', 'attempt'])
  if (!secret?.length) throw new TypeError('signedDelivery: secret is missing or empty, and no receiver accepts that')
  const unset = typeof secret === 'string' ? unsetFault(secret) : undefined
  if (unset !== undefined) throw new TypeError(`signedDelivery: secret ${unset}`)
  const { at = Date.now(), attempt = 1 } = options
  const signing = { ...options, at }
  if (options.body !== undefined) {
    return sign(played, { event, payload: payloadIn(options.body), body: options.body }, signing)
  }
  // The overrides have the type of this event's payload, which is one of many here.
  const first = payloadOf(played, event, options.payload as Overrides<Payload> | undefined)
  const payload = attempt === 1 ? first : (played.sender.repeat?.(first, attempt, new Date(at)) ?? first)
  // Without a body of another kind in the options, `Body` is its default, string.
  return sign(played, { event, payload, body: written(played, payload) as Body }, signing)
}

/** A payload may stand alone where no sample can be made. */
function payloadOf(played: Playable, event: string, overrides: Overrides<Payload> | undefined): Payload {
  try {
    return override(played.sample(event), overrides)
  } catch (error) {
    if (overrides === undefined || !(error instanceof TypeError) || !played.mayBeWhole) throw error
    return overrides as Payload
  }
}

/** Writes a payload as a body: as JSON, as a form, or as the only event of a list. */
function written({ scheme: { body, list } }: Playable, payload: Payload): string {
  if (body === 'form') return new URLSearchParams(payload as Record<string, string>).toString()
  if (list === undefined) return JSON.stringify(payload)
  const path = list === true ? [] : list.split('.')
  return JSON.stringify(path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), [payload]))
}

interface Unsigned<Body> {
  readonly event: string
  readonly payload: Payload | undefined
  readonly body: Body
}

function sign<Body extends string | Uint8Array>(
  { name, scheme, sender }: Playable,
  unsigned: Unsigned<Body>,
  options: SigningOptions,
): SignedDelivery<Body> {
  const { body, query, headers }: SchemeRequest<Body> =
    sender.signing === undefined
      ? signNamed(name, () => signByScheme(scheme, unsigned.body, options))
      : { headers: signAs(sender.signing, unsigned, options), body: unsigned.body }
  const all: Record<string, string | undefined> = {
    'content-type': scheme.body === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
    ...sender.headers?.(unsigned.event, unsigned.payload),
    ...headers,
    ...options.headers,
  }
  return { headers: Object.fromEntries(Object.entries(all).filter(isSet)), body, ...(query !== undefined && { query }) }
}

function signNamed<T>(name: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof TypeError) throw new TypeError(`signedDelivery: ${name}: ${error.message}`)
    throw error
  }
}

const isSet = (header: [string, string | undefined]): header is [string, string] => header[1] !== undefined

/** Returns the payload of a given body, for the headers. Undefined if it is not a JSON object. */
function payloadIn(body: string | Uint8Array): Payload | undefined {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) ?? undefined
  } catch {
    return undefined
  }
}
