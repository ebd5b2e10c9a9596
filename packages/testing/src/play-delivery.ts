import { setTimeout as sleep } from 'node:timers/promises'
import { checkNames } from '@mailbox-hooks/core/queue'
import { type EventName, type EventPayload, type PlayableProvider, playable } from './providers.js'
import { DELIVERY_OPTIONS, type DeliveryOptions, type SignedDelivery, signedDelivery } from './signed-delivery.js'
import type { TestClock } from './test-clock.js'

/** The response of a client. `fetch` and supertest have `status`, `app.inject` has `statusCode`. */
export type Reply = { readonly status: number } | { readonly statusCode: number }

export interface PlayOptions<EventPayload> extends Omit<DeliveryOptions<EventPayload>, 'at' | 'attempt'> {
  /** Sends one attempt to the receiver. A rejection counts as a missing answer, as it does for the provider. */
  readonly send: (delivery: SignedDelivery, attempt: number) => Promise<Reply>
  /**
   * Sets the receiver's clock. The provider's waits advance it without waiting. Default none: each wait then takes a
   * thousandth of the provider's, at most a second.
   */
  readonly clock?: TestClock | undefined
}

/** One attempt, as the provider records it. */
export interface Attempt {
  /** The number of the attempt, from 1. */
  readonly attempt: number
  /** The time of the attempt, in milliseconds since 1970. */
  readonly atMs: number
  /** The status of the answer. Undefined if there was none. */
  readonly status: number | undefined
  /** The error, if there was no answer. */
  readonly error?: unknown
}

export interface Playback {
  /** Whether the last attempt got a 2xx. If not, the provider has given up. */
  readonly acknowledged: boolean
  readonly attempts: readonly Attempt[]
}

const COMPRESSION = 1000

/** Some providers wait for hours. */
const LONGEST_WAIT_MS = 1000

/**
 * Delivers an event as its provider does. Retries on its schedule, each time with a new signature, until an attempt gets a
 * 2xx or no attempt is left. InboxKit also gives up after a 4xx.
 *
 * @example
 * const { acknowledged, attempts } = await playDelivery('openmail', 'message.received', {
 *   secret,
 *   clock,
 *   send: ({ headers, body }) => fetch(url, { method: 'POST', headers, body }),
 * })
 */
export async function playDelivery<P extends PlayableProvider, Event extends EventName<P>>(
  provider: P,
  event: Event,
  options: PlayOptions<EventPayload<P, Event>>,
): Promise<Playback> {
  const { send, clock, ...delivery } = checkNames('playDelivery', options, ['send', 'clock', ...DELIVERY_OPTIONS])
  const { retryAfterMs, clientErrorsAreFinal } = playable(provider).sender
  const attempts: Attempt[] = []
  for (const waitMs of [0, ...retryAfterMs]) {
    await wait(waitMs, clock)
    const attempt = attempts.length + 1
    const at = clock?.now() ?? Date.now()
    const signed = signedDelivery<P, Event>(provider, event, { ...delivery, at, attempt })
    const result = await answerOf(send(signed, attempt))
    attempts.push({ attempt, atMs: at, ...result })
    if (isSuccess(result.status)) return { acknowledged: true, attempts }
    if (clientErrorsAreFinal && isClientError(result.status)) break
  }
  return { acknowledged: false, attempts }
}

async function wait(ms: number, clock: TestClock | undefined): Promise<void> {
  if (clock !== undefined) clock.advance(ms)
  else await sleep(Math.min(ms / COMPRESSION, LONGEST_WAIT_MS))
}

async function answerOf(reply: Promise<Reply>): Promise<Pick<Attempt, 'status' | 'error'>> {
  try {
    const answer = await reply
    return { status: 'status' in answer ? answer.status : answer.statusCode }
  } catch (error) {
    return { status: undefined, error }
  }
}

const isSuccess = (status: number | undefined) => status !== undefined && status >= 200 && status < 300

const isClientError = (status: number | undefined) => status !== undefined && status >= 400 && status < 500
