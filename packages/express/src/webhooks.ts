import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  createReceiver,
  type DeliveryOf,
  type Provider,
  type Receiver,
  type ReceiverOptions,
  type RegisteredDelivery,
} from '@mailbox-hooks/core'
import { NodeRequest, wasAlreadyRefused } from '@mailbox-hooks/core/node'
import { flagBodyAsRead, type WebhookMessage } from './body-flag.js'
import { errorInFastify } from './error-in-fastify.js'
import { holdEnd, writeAnswer } from './hold-end.js'
import { noteErrors } from './note-errors.js'

declare global {
  namespace Express {
    interface Request {
      /** The verified delivery. Undefined on routes without the middleware. */
      webhook?: RegisteredDelivery
    }
  }
}

/** Express middleware. Mount it on the route that the providers call, before any body parser. */
export interface WebhookMiddleware<Delivery> extends Pick<Receiver, 'idle' | 'health'> {
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void
  /** Returns the delivery of a request. Throws if the request did not pass this middleware. */
  delivery(request: object): Delivery
}

/**
 * Creates Express middleware (4 and 5) that passes each verified event to the handler once. It answers all other requests
 * itself.
 *
 * The handler's answer decides. A 2xx marks the event as handled. Any other status, or an error, releases it, and the
 * provider's next attempt is handled. Express 4 ignores a rejected promise: end an async handler with `.catch(next)` there,
 * or its event stays claimed until `maxHandlerMs`.
 *
 * Throws a `TypeError` for a wrong option.
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
    const wrongHost = errorInFastify(request)
    if (wrongHost !== undefined) return next(wrongHost)
    const reception = await receiver.receive(new NodeRequest(request))
    if (reception.answer !== undefined) return writeAnswer(response, reception.answer)
    if (wasAlreadyRefused(response)) return void reception.settle(response.statusCode)
    request.webhook = reception.delivery
    flagBodyAsRead(request)
    holdEnd(response, reception.settle)
    noteErrors(request)
    reception.run(next)
  }

  function delivery({ webhook }: { webhook?: unknown }): Delivery {
    if (receiver.hasAccepted(webhook)) return webhook
    throw new Error(
      'This request has no delivery: mount the middleware before the handler, app.post(path, receive, handler)',
    )
  }

  const { idle, health } = receiver
  return Object.assign(receive, { delivery, idle, health })
}
