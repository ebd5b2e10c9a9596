import {
  createReceiver,
  type DeliveryOf,
  type Provider,
  RECEIVED,
  type Receiver,
  type ReceiverOptions,
  type RegisteredDelivery,
} from '@mailbox-hooks/core'
import { isPromise, NodeRequest, wasAlreadyRefused } from '@mailbox-hooks/core/node'
import type { Middleware, Next, ParameterizedContext } from 'koa'
import { isUnanswered, replaceAnswer, setAnswer, statusOfThrown } from './answer.js'

/** The part of `ctx.state` that the middleware adds. Koa's types carry it to the next middleware of a chain. */
export type WebhookState<Delivery = RegisteredDelivery> = {
  /** The verified delivery. */
  webhook: Delivery
}

/** Koa middleware. Mount it on the route that the providers call, before any body parser. */
export interface WebhookMiddleware<Delivery>
  extends Middleware<WebhookState<Delivery>>,
    Pick<Receiver, 'idle' | 'health'> {
  /** Returns the delivery of a context. Throws if the context did not pass this middleware. */
  delivery(ctx: object): Delivery
}

/**
 * Creates Koa middleware (2 and 3) that passes each verified event to the handler once. It answers all other requests
 * itself.
 *
 * The handler's answer decides. A 2xx, or neither status nor body, marks the event as handled. Any other status, or an
 * error, releases it, and the provider's next attempt is handled. The event is settled by the status before the body of a
 * streamed answer is sent. A handler that sets `ctx.respond = false` and answers later must call `delivery.complete()`.
 *
 * Throws a `TypeError` for a wrong option.
 *
 * @example
 * const receive = webhooks({ providers: [openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET] })] })
 * router.post('/webhooks', receive, async (ctx) => {
 *   const { event } = ctx.state.webhook
 *   ctx.body = { received: true }
 * })
 */
export function webhooks<const Providers extends readonly Provider[]>(
  options: ReceiverOptions<Providers>,
): WebhookMiddleware<DeliveryOf<Providers[number]>> {
  type Delivery = DeliveryOf<Providers[number]>
  const receiver = createReceiver(options)

  async function receive(ctx: ParameterizedContext<WebhookState<Delivery>>, next: Next): Promise<void> {
    const reception = await receiver.receive(new NodeRequest(ctx.req, ctx))
    if (reception.answer !== undefined) return setAnswer(ctx, reception.answer)
    if (wasAlreadyRefused(ctx.res)) return void (await reception.settle(ctx.res.statusCode))
    ctx.state.webhook = reception.delivery
    // Tells @koa/bodyparser that there is nothing left to read.
    ctx.disableBodyParser = true
    try {
      await reception.run(next)
    } catch (error) {
      const status = statusOfThrown(error)
      reception.fail(error)
      await reception.settle(status < 400 ? 500 : status)
      // An error of an HTTP client may have a 2xx status, after which the provider would not retry.
      throw status < 400 ? new Error('The handler failed.', { cause: error }) : error
    }
    // The handler answers later without Koa, so nothing is decided yet.
    if (ctx.respond === false && !ctx.headerSent) return void ctx.res.once('close', reception.leave)
    if (isUnanswered(ctx)) setAnswer(ctx, RECEIVED)
    const settled = reception.settle(ctx.status)
    const instead = isPromise(settled) ? await settled : settled
    if (instead !== undefined) replaceAnswer(ctx, instead)
  }

  function delivery({ state }: { state?: { webhook?: unknown } }): Delivery {
    if (receiver.hasAccepted(state?.webhook)) return state.webhook
    throw new Error(
      'This context has no delivery: mount the middleware before the handler, router.post(path, receive, handler)',
    )
  }

  const { idle, health } = receiver
  return Object.assign(receive, { delivery, idle, health })
}
