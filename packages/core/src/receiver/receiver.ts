import { EntityOrder } from '../claim/entity-order.js'
import { GuardedStore } from '../claim/guarded-store.js'
import type { Delivery, DeliveryOf } from '../delivery/delivery.js'
import { ReceivedDelivery } from '../delivery/received-delivery.js'
import { internalError, WebhookError } from '../errors.js'
import { wasLeftToNobody } from '../event/dispatch.js'
import { RECEIVER_STEPS } from '../journal/recorded-journal.js'
import { andThen, isPromise, type MaybePromise } from '../options/maybe-promise.js'
import { Running } from '../outcome/running.js'
import type { Provider } from '../providers/provider.js'
import type { HandOff } from '../queue/hand-off.js'
import type { WebhookRequest } from '../request/webhook-request.js'
import { Timeouts } from '../timeouts.js'
import { type Answer, DUPLICATE, QUEUED, refusal } from './answer.js'
import { checkOptions } from './check-options.js'
import { type Claimed, claimEvent } from './claim-event.js'
import { type EventSteps, queueEvents } from './event-list.js'
import { handOver } from './hand-over.js'
import { answerField, answerQuery } from './handshake.js'
import { checkHealth, type Health, type HealthOptions } from './health.js'
import { OutcomeReport } from './outcome-report.js'
import type { ReceiverOptions } from './receiver-options.js'
import { type Recognized, recognize } from './recognize.js'
import { refuseInvalid } from './refuse-invalid.js'
import { refuseUnreadable } from './refuse-unreadable.js'
import { settle } from './settle.js'
import { toDelivery } from './to-delivery.js'
import { type Arrival, type ExaminedHeaders, examineHeaders, readBody, verifyBody } from './verify.js'

/** Receives deliveries without a framework. Adapters translate requests and answers. */
export interface Receiver<D = Delivery> {
  /** Processes a request up to the handler. Resolves to a delivery, or to the final answer. Never rejects. */
  receive(request: WebhookRequest): Promise<Reception<D>>
  /**
   * Resolves once no request is in progress and no handler runs, also none that was abandoned. Stop taking requests first, and
   * limit the time: a handler that hangs never ends.
   */
  idle(): Promise<void>
  /**
   * Says whether store, journal and queue answer, and when each provider was last heard of. Never takes much longer than
   * `timeoutMs`. Rejects only for a wrong option.
   *
   * @example
   * app.get('/ready', async (_req, res) => res.sendStatus((await receive.health()).ok ? 200 : 503))
   */
  health(options?: HealthOptions): Promise<Health>
  /** Returns whether this receiver accepted the delivery. An adapter may find the delivery of another receiver on a request. */
  hasAccepted(value: unknown): value is D
}

export type Reception<D = Delivery> = Accepted<D> | Answered

/** A delivery that this request must handle. */
export interface Accepted<D = Delivery> {
  readonly answer?: undefined
  readonly delivery: D
  /** Calls the handler, inside the observer's context if there is an observer. Returns the handler's result. */
  run<T>(handler: () => T): T
  /**
   * Notes the error with which the handler failed, for the outcome and the journal, with the payload's credentials cut
   * out. Call it before `settle`. Never throws.
   */
  fail(error: unknown): void
  /**
   * Settles the event by the handler's status; pass 500 if it threw. A 2xx marks the event as handled, anything else
   * releases it. Await it before the answer ends: with a store that answers at once, it has ended when it returns. Gives an
   * answer that replaces the handler's, or undefined. The first call decides. Never fails.
   */
  settle(status: number): Answer | undefined | Promise<Answer | undefined>
  /** Notes that the handler has ended without `settle`, because it decided itself and answered otherwise. For `idle()`. */
  leave(): void
}

/** A delivery without work for this request: refused, a duplicate, failed by an outage, or already in the queue. */
export interface Answered {
  readonly answer: Answer
  /** The reason of a refusal, for the operator only. Undefined for a duplicate. */
  readonly error?: WebhookError
  /** Whether `logOutcomes` has written the refusal. If not, an adapter with a logger of its own may. */
  readonly isLogged?: boolean
}

/**
 * Creates a receiver. Checks all options and throws a `TypeError` for a wrong one, with a message that says what to change.
 *
 * A receiver runs no handler and knows no framework. Use the adapter of your framework, or write one.
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
  const timeouts = new Timeouts(settings.waitUntil)
  const store = settings.store && new GuardedStore(settings.store, settings.storeTimeoutMs, timeouts)
  const order = settings.ordering && store !== undefined ? new EntityOrder(store, settings) : undefined
  const journal = settings.journal?.[RECEIVER_STEPS]({ timeoutMs: settings.journalTimeoutMs, timeouts, providers })
  const recorder = journal?.recorder
  const tools = { settings, timeouts, store, order, journal }
  const identity = Symbol('receiver')
  const running = new Running()
  const lastReceivedMs = new Map<Provider, number>()
  const healthParts = { ...tools, providers, store: settings.store, handOff, lastReceivedMs }

  async function receive(request: WebhookRequest): Promise<Reception> {
    const end = running.begin()
    const report = new OutcomeReport(settings, recorder, request)
    let reception: Reception
    try {
      const arrival = { request, report, receivedAtMs: now() }
      const begun = begin(arrival, end)
      const accepted =
        'candidates' in begun ? accept(begun, await readBody(begun, arrival, limitBytes), arrival, end) : begun
      reception = isPromise(accepted) ? await accepted : accepted
    } catch (error) {
      reception = await refuse(error, { request, report }, limitBytes)
    }
    if (reception.answer !== undefined) end()
    return reception
  }

  /** Answers without a body, or returns what the headers say of a delivery. `end` is called when the handler has ended. */
  function begin(arrival: Arrival, end: () => void): ExaminedHeaders | MaybePromise<Reception> {
    const { request, report } = arrival
    report.enter('verify')
    const asked = answerQuery(providers, request)
    if (asked !== undefined) return concludeHandshake(report, ...asked)
    refuseUnreadable(request, limitBytes)
    if (!journal?.isTicket(request)) return examineHeaders(providers, arrival)
    const claimed = journal.claimByTicket(arrival, { ...settings, timeouts })
    return claimed.then((event) => proceed(event, arrival, end))
  }

  /** Takes a delivery from its body to the handler. */
  function accept(
    examined: ExaminedHeaders,
    body: Uint8Array,
    arrival: Arrival,
    end: () => void,
  ): MaybePromise<Reception> {
    const { report } = arrival
    report.noteBody(body)
    const verified = verifyBody(examined, body, arrival)
    lastReceivedMs.set(verified.provider, arrival.receivedAtMs)
    const parsed = verified.provider.parse(verified.body)
    if (parsed.items !== undefined) return queueEvents(parsed.items, verified, arrival, stepsOf(arrival))
    const answer = answerField(verified.provider, parsed)
    if (answer !== undefined) return concludeHandshake(report, verified.provider, answer)
    // The event of a form has JSON of its own.
    const read = parsed.body === body ? verified : { ...verified, body: parsed.body }
    const recognized = recognize(read, parsed.payload, arrival, settings)
    return andThen(recognized, (event) => claim(event, arrival, end))
  }

  function claim(recognized: Recognized, arrival: Arrival, end: () => void): MaybePromise<Reception> {
    arrival.report.end('recognized')
    const refused = recognized.issues && refuseInvalid(recognized, arrival, tools)
    const claimed = andThen(refused, () => claimEvent(recognized, arrival, tools))
    return andThen(claimed, (event) => proceed(event, arrival, end))
  }

  /** Takes a claimed event to the handler, or to the queue. Undefined: it was already handled. */
  function proceed(claimed: Claimed | undefined, arrival: Arrival, end: () => void): MaybePromise<Reception> {
    const { report } = arrival
    report.end('claimed')
    if (claimed === undefined) return conclude(report, 'duplicate', DUPLICATE)
    const delivery = toDelivery(claimed, arrival, identity)
    if (handOff !== undefined) return queue(handOff, delivery, claimed, arrival)
    report.enter('handler')
    return {
      delivery,
      run: (handler) => report.run(handler),
      fail: (error) => report.noteError(error),
      settle(status) {
        if (wasLeftToNobody(delivery)) report.note({ handledBy: 'nobody' })
        return andThen(settle(claimed, status, report, recorder), (instead) => {
          end()
          return instead
        })
      },
      leave: end,
    }
  }

  async function queue(
    to: HandOff,
    delivery: ReceivedDelivery,
    claimed: Claimed,
    arrival: Arrival,
  ): Promise<Reception> {
    await handOver(to, delivery, claimed, arrival, tools)
    return conclude(arrival.report, 'queued', QUEUED)
  }

  const stepsOf = ({ request, receivedAtMs }: Arrival): EventSteps => ({
    another: () => ({ request, receivedAtMs, report: new OutcomeReport(settings, recorder, request) }),
    recognize: async (verified, payload, arrival) => recognize(verified, payload, arrival, settings),
    async queue(recognized, arrival) {
      const claimed = await claimEvent(recognized, arrival, tools)
      if (claimed === undefined) return 'duplicate'
      // The options of a provider with lists were refused without it.
      await handOver(handOff!, toDelivery(claimed, arrival, identity), claimed, arrival, tools)
      return 'queued'
    },
  })

  // The schemas, checked in `recognize`, guarantee the types that the providers describe.
  return {
    receive,
    idle: () => running.idle(),
    health: (options) => checkHealth(healthParts, options),
    hasAccepted: (value) => ReceivedDelivery.isAcceptedBy(identity, value),
  } as Receiver<DeliveryOf<Providers[number]>>
}

async function refuse(
  thrown: unknown,
  { request, report }: Pick<Arrival, 'request' | 'report'>,
  limitBytes: number,
): Promise<Answered> {
  const error = thrown instanceof WebhookError ? thrown : internalError(thrown)
  const { code, message, issues, cause, status } = error
  report.note({ code, message, issues, cause })
  report.report(code === 'in_flight' ? 'in-flight' : 'rejected', status)
  const isDrained = (await request.drainBody?.(limitBytes)) ?? true
  const closesConnection = code === 'body_too_large' || request.isOpenEnded() || !isDrained
  return { answer: refusal(error, closesConnection), error, isLogged: report.isLogged }
}

function concludeHandshake(report: OutcomeReport, { name, account }: Provider, answer: Answer): Answered {
  report.note({ provider: name, account })
  return conclude(report, 'handshake', answer)
}

function conclude(report: OutcomeReport, kind: 'queued' | 'duplicate' | 'handshake', answer: Answer): Answered {
  report.report(kind, answer.status)
  return { answer }
}
