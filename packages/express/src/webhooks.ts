import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  createReceiver,
  type DeliveryOf,
  type Provider,
  type ReceiverOptions,
  type RegisteredDelivery,
} from '@mailbox-hooks/core'
import { NodeRequest, wasAlreadyRefused } from '@mailbox-hooks/core/node'
import { holdEnd, writeAnswer } from './hold-end.js'
import { noteErrors } from './note-errors.js'

declare global {
  namespace Express {
    interface Request {
      /** The verified delivery; undefined on routes without the middleware. */
      webhook?: RegisteredDelivery
    }
  }
}

/** A request of Node, whatever is around it. */
interface WebhookMessage extends IncomingMessage {
  webhook?: unknown
  /** By this name the body parsers of Express 4 know that there is nothing left to read. */
  _body?: boolean
}

/** Express middleware. Mount it on the route that the providers call, before any body parser. */
export interface WebhookMiddleware<Delivery> {
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void
  /** The delivery of a request that went through this middleware; throws where it did not. */
  delivery(request: object): Delivery
}

/**
 * Creates Express middleware (4 and 5) that lets verified deliveries through to the handler, once each, and answers
 * everything else itself.
 *
 * The handler's own answer decides: 2xx marks the event as handled, anything else, or an error, gives it back to be
 * handled on the provider's next attempt. Express 4 does not notice a rejected promise: end an async handler there with
 * `catch(next)`, or its event waits for `maxHandlerMs`.
 *
 * Throws a `TypeError` for options that cannot work.
 *
 * @example
 * const receive = webhooks({ providers: [openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET] })] })
 * app.post('/webhooks', receive, async (req, res) => {
 *   const { event } = receive.delivery(req)
 *   res.json({ received: true })
 * })
 */
export function webhooks<const Providers extends readonly Provider[]>(
  options: ReceiverOptions<Providers>,
): WebhookMiddleware<DeliveryOf<Providers[number]>> {
  type Delivery = DeliveryOf<Providers[number]>
  const receiver = createReceiver(options)

  async function receive(request: WebhookMessage, response: ServerResponse, next: (error?: unknown) => void) {
    const reception = await receiver.receive(new NodeRequest(request))
    if (reception.answer !== undefined) return writeAnswer(response, reception.answer)
    if (wasAlreadyRefused(response)) return void reception.settle(response.statusCode)
    request.webhook = reception.delivery
    request._body = true
    holdEnd(response, reception.settle)
    noteErrors(request, reception.fail)
    reception.run(next)
  }

  function delivery({ webhook }: { webhook?: unknown }): Delivery {
    if (receiver.hasAccepted(webhook)) return webhook
    throw new Error(
      'This request has no delivery: mount the middleware before the handler, app.post(path, receive, handler)',
    )
  }

  return Object.assign(receive, { delivery })
}
