import { type Answer, DUPLICATE, QUEUED, refusal } from './answer.js'
import { parseJson } from './body/parse-json.js'
import { claimEvent } from './claim-event.js'
import { type Delivery, type DeliveryOf, ReceivedDelivery } from './delivery.js'
import { EntityOrder } from './entity-order.js'
import { internalError, markNotCommitted, WebhookError } from './errors.js'
import { handOver } from './hand-off.js'
import type { HeldClaim } from './held-claim.js'
import { checkOptions, type ReceiverOptions } from './options.js'
import { OutcomeReport } from './outcome.js'
import type { Provider } from './providers/provider.js'
import { recognize } from './recognize.js'
import { refuseUnreadable } from './refuse-unreadable.js'
import type { WebhookRequest } from './request.js'
import { GuardedStore } from './stores/guarded-store.js'
import { Timeouts } from './timeouts.js'
import { examineHeaders, verifyBody } from './verify.js'

/** The framework-free heart: adapters translate requests into it and answers out of it. */
export interface Receiver<D = Delivery> {
  /** Takes one request as far as the handler: to a delivery, or to the answer that ends it. Never rejects. */
  receive(request: WebhookRequest): Promise<Reception<D>>
  /** Whether it is a delivery that this receiver has accepted: what an adapter finds on a request may be another one's. */
  hasAccepted(value: unknown): value is D
}

export type Reception<D = Delivery> = Accepted<D> | Refused

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
export interface Refused {
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
  const { providers, limitBytes, invalid, handOff, now } = settings
  const timeouts = new Timeouts()
  const store = new GuardedStore(settings.store, settings.storeTimeoutMs, timeouts)
  const order = settings.ordering ? new EntityOrder(store, settings) : undefined
  const tools = { settings, timeouts, store, order }

  async function receive(request: WebhookRequest): Promise<Reception> {
    const report = new OutcomeReport(settings)
    try {
      report.enter('verify')
      const receivedAtMs = now()
      refuseUnreadable(request, limitBytes)
      const intake = { headers: request, receivedAtMs, report }
      const candidates = examineHeaders(providers, intake)
      const body = await request.readBody(limitBytes)
      const verified = verifyBody(candidates, body, intake)
      const authentic = { payload: parseJson(body), body, headers: request }
      const recognized = await recognize(verified.provider, authentic, invalid, report)
      report.enter('claim')
      const claimed = await claimEvent(tools, { provider: verified.provider, recognized, receivedAtMs, report })
      if (claimed === undefined) return conclude(report, 'duplicate', DUPLICATE)
      const delivery = new ReceivedDelivery({ verified, recognized, claimed, body, receivedAtMs, owner: tools })
      if (handOff !== undefined) {
        report.enter('hand-off')
        await handOver(handOff, tools, { delivery, verified, recognized, claimed }, report)
        return conclude(report, 'queued', QUEUED)
      }
      report.enter('handler')
      return {
        delivery,
        run: (handler) => report.run(handler),
        settle: (status) => settle(claimed.held, status, report),
      }
    } catch (error) {
      return refuse(error, request, report)
    }
  }

  // What the providers describe in types, the schemas have checked in `recognize`.
  return { receive, hasAccepted: (value) => ReceivedDelivery.isOf(tools, value) } as Receiver<
    DeliveryOf<Providers[number]>
  >
}

async function settle(held: HeldClaim | undefined, status: number, report: OutcomeReport): Promise<Answer | undefined> {
  report.leave()
  const hasSucceeded = status >= 200 && status < 300
  const settlement = await held?.settle(hasSucceeded)
  report.facts.settled = settlement?.isConfirmed ?? false
  if (hasSucceeded && settlement?.isMarkMissing) return retract(report)
  report.report((settlement?.isHandled ?? hasSucceeded) ? 'handled' : 'failed', status)
  return undefined
}

/** The handler said that it has handled the event, and its transaction says that it has not. */
function retract(report: OutcomeReport): Answer {
  const error = markNotCommitted()
  report.facts.code = error.code
  report.facts.message = error.message
  report.report('failed', error.status)
  return refusal(error, false)
}

function refuse(thrown: unknown, request: WebhookRequest, report: OutcomeReport): Refused {
  const error = thrown instanceof WebhookError ? thrown : internalError(thrown)
  report.facts.code = error.code
  report.facts.message = error.message
  report.facts.issues = error.issues
  report.facts.cause = error.cause
  // A body without an announced end is not read on just to keep the connection.
  const closesConnection = error.code === 'body_too_large' || request.isOpenEnded()
  const kind = error.code === 'in_flight' ? 'in-flight' : 'rejected'
  return { ...conclude(report, kind, refusal(error, closesConnection)), error }
}

function conclude(
  report: OutcomeReport,
  kind: 'queued' | 'duplicate' | 'in-flight' | 'rejected',
  answer: Answer,
): Refused {
  report.report(kind, answer.status)
  return { answer }
}
