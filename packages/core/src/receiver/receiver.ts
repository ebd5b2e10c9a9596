import { EntityOrder } from '../claim/entity-order.js'
import { GuardedStore } from '../claim/guarded-store.js'
import { NO_CLAIM } from '../claim/no-claim.js'
import type { Delivery, DeliveryOf } from '../delivery/delivery.js'
import { ReceivedDelivery } from '../delivery/received-delivery.js'
import { internalError, WebhookError } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import { parseJson } from '../request/parse-json.js'
import type { WebhookRequest } from '../request/webhook-request.js'
import { Timeouts } from '../timeouts.js'
import { type Answer, DUPLICATE, QUEUED, refusal } from './answer.js'
import { type Claimed, claimEvent } from './claim-event.js'
import { handOver } from './hand-over.js'
import { OutcomeReport } from './outcome-report.js'
import { checkOptions, type ReceiverOptions } from './receiver-options.js'
import { recognize } from './recognize.js'
import { refuseInvalid } from './refuse-invalid.js'
import { refuseUnreadable } from './refuse-unreadable.js'
import { settle } from './settle.js'
import { type Arrival, examineHeaders, verifyBody } from './verify.js'

/** The framework-free heart: adapters translate requests into it and answers out of it. */
export interface Receiver<D = Delivery> {
  /** Takes one request as far as the handler: to a delivery, or to the answer that ends it. Never rejects. */
  receive(request: WebhookRequest): Promise<Reception<D>>
  /** Whether it is a delivery that this receiver has accepted: what an adapter finds on a request may be another one's. */
  hasAccepted(value: unknown): value is D
}

export type Reception<D = Delivery> = Accepted<D> | Answered

/** The event is this request's to handle. */
export interface Accepted<D = Delivery> {
  readonly answer?: undefined
  readonly delivery: D
  /** Calls the handler, where the options have an observer inside of what that puts around it. Returns what it returns. */
  run<T>(handler: () => T): T
  /**
   * Settles by the status the handler ended with (500 for one that threw): 2xx marks the event as handled, anything
   * else gives it back. To be awaited before the answer ends. Resolves to the answer to give in place of the handler's,
   * if there is one. The first call decides; a later one changes nothing. Never rejects.
   */
  settle(status: number): Promise<Answer | undefined>
}

/** There is nothing to handle here: a refusal, a duplicate, an outage, or a delivery that is in the queue now. */
export interface Answered {
  readonly answer: Answer
  /** Why it is refused, for the operator's eyes only; undefined for a duplicate. */
  readonly error?: WebhookError
}

/**
 * Creates a receiver. All options are checked here; a wrong one throws a `TypeError` that says what to do.
 *
 * It runs no handler and knows no framework; use the adapter of yours, or write one with this.
 *
 * @example
 * const receiver = createReceiver({ providers: [openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET] })] })
 * const reception = await receiver.receive(request)
 * if (reception.answer !== undefined) return write(reception.answer)
 * const status = await reception.run(() => handle(reception.delivery))
 * await reception.settle(status)
 */
export function createReceiver<const Providers extends readonly Provider[]>(
  options: ReceiverOptions<Providers>,
): Receiver<DeliveryOf<Providers[number]>> {
  const settings = checkOptions(options)
  const { providers, limitBytes, handOff, now } = settings
  const timeouts = new Timeouts()
  const store = new GuardedStore(settings.store, settings.storeTimeoutMs, timeouts)
  const order = settings.ordering ? new EntityOrder(store, settings) : undefined
  const tools = { settings, timeouts, store, order }
  const identity = Symbol('receiver')

  async function receive(request: WebhookRequest): Promise<Reception> {
    const report = new OutcomeReport(settings)
    try {
      return await accept({ request, report, receivedAtMs: now() })
    } catch (error) {
      return refuse(error, request, report)
    }
  }

  async function accept(arrival: Arrival): Promise<Reception> {
    const { request, report } = arrival
    report.enter('verify')
    refuseUnreadable(request, limitBytes)
    const candidates = examineHeaders(providers, arrival)
    const body = await request.readBody(limitBytes)
    const verified = verifyBody(candidates, body, arrival)
    const recognized = await recognize(verified, parseJson(body), arrival, settings)
    refuseInvalid(recognized, arrival, settings)
    const claimed = await claimEvent(recognized, arrival, tools)
    if (claimed === undefined) return conclude(report, 'duplicate', DUPLICATE)
    const delivery = toDelivery(claimed, arrival, identity)
    if (handOff !== undefined) {
      await handOver(handOff, delivery, claimed, arrival, tools)
      return conclude(report, 'queued', QUEUED)
    }
    report.enter('handler')
    return {
      delivery,
      run: (handler) => report.run(handler),
      settle: (status) => settle(claimed.held, status, report),
    }
  }

  // What the providers describe in types, the schemas have checked in `recognize`.
  return { receive, hasAccepted: (value) => ReceivedDelivery.isAcceptedBy(identity, value) } as Receiver<
    DeliveryOf<Providers[number]>
  >
}

function toDelivery({ recognized, held, stale }: Claimed, { receivedAtMs }: Arrival, acceptedBy: symbol) {
  const { provider, proof, sentAtMs, body } = recognized.verified
  const facts = {
    id: recognized.key,
    provider: provider.name,
    account: provider.account,
    event: recognized.event,
    trust: proof.trust,
    sentAt: new Date(sentAtMs ?? receivedAtMs),
    receivedAt: new Date(receivedAtMs),
    attempt: recognized.attempt,
    stale,
  }
  return new ReceivedDelivery(facts, { body, credentials: provider.credentials, claim: held ?? NO_CLAIM, acceptedBy })
}

function refuse(thrown: unknown, request: WebhookRequest, report: OutcomeReport): Answered {
  const error = thrown instanceof WebhookError ? thrown : internalError(thrown)
  const { code, message, issues, cause } = error
  report.note({ code, message, issues, cause })
  // A body without an announced end is not read on just to keep the connection.
  const closesConnection = code === 'body_too_large' || request.isOpenEnded()
  const kind = code === 'in_flight' ? 'in-flight' : 'rejected'
  return { ...conclude(report, kind, refusal(error, closesConnection)), error }
}

function conclude(
  report: OutcomeReport,
  kind: 'queued' | 'duplicate' | 'in-flight' | 'rejected',
  answer: Answer,
): Answered {
  report.report(kind, answer.status)
  return { answer }
}
