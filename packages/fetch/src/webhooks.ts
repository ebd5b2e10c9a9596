import {
  type Answer,
  createReceiver,
  type DeliveryOf,
  type Provider,
  RECEIVED,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { WebRequest } from '@mailbox-hooks/core/web'

// biome-ignore lint/suspicious/noConfusingVoidType: what a function without a return statement returns
type Answered = Response | undefined | void

/** Handles one delivery. Answering nothing means that it has been handled. */
export type WebhookHandler<Delivery> = (delivery: Delivery, request: Request) => Answered | Promise<Answered>

/** Takes the handler, which only `handOff` does without, and gives the function that fetch runtimes call. */
export type WebhookRoute<Delivery> = (handler?: WebhookHandler<Delivery>) => (request: Request) => Promise<Response>

/**
 * Creates route handlers of the fetch standard (Hono, Next.js, Bun, Deno) that let verified deliveries through to your
 * handler, once each, and answer everything else themselves.
 *
 * The handler's own answer decides: 2xx, or nothing, marks the event as handled; any other status, or a throw, gives it
 * back to be handled on the provider's next attempt. A throw goes on to the runtime, and so does the `TypeError` for
 * what is no Response. The body of a streamed answer is
 * sent after the event is settled by its status.
 *
 * Throws a `TypeError` for options that cannot work.
 *
 * @example
 * const receive = webhooks({ providers: [openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET] })] })
 * export const POST = receive(async ({ event }) => Response.json({ received: true }))
 */
export function webhooks<const Providers extends readonly Provider[]>(
  options: ReceiverOptions<Providers>,
): WebhookRoute<DeliveryOf<Providers[number]>> {
  const receiver = createReceiver(options)

  return (handler) => {
    if (handler === undefined && options.handOff === undefined) {
      throw new TypeError('webhooks: pass the handler, webhooks(options)(async (delivery) => {})')
    }
    return async (request) => {
      const reception = await receiver.receive(new WebRequest(request))
      if (reception.answer !== undefined) return toResponse(reception.answer)
      let response: Response
      try {
        // Where there is none, everything was handed off.
        response = checked(await reception.run(() => handler!(reception.delivery, request))) ?? toResponse(RECEIVED)
      } catch (error) {
        reception.fail(error)
        await reception.settle(500)
        throw error
      }
      const instead = await reception.settle(response.status)
      return instead === undefined ? response : toResponse(instead)
    }
  }
}

/** Known by its name: in some runtimes the global Response is not the only one. */
function checked(answered: Answered): Answered {
  if (answered == null || Object.prototype.toString.call(answered) === '[object Response]') return answered
  throw new TypeError(
    'webhooks: the handler must return a Response, or nothing; e.g. Response.json({ received: true })',
  )
}

const toResponse = ({ body, ...init }: Answer) => new Response(body, init)
