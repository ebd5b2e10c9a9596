import {
  type Answer,
  createReceiver,
  type DeliveryOf,
  type Provider,
  RECEIVED,
  type Receiver,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { isPromise, WebRequest } from '@mailbox-hooks/core/web'

// biome-ignore lint/suspicious/noConfusingVoidType: what a function without a return statement returns
type Answered = Response | undefined | void

/** Handles one delivery. If it returns nothing, the event is handled. */
export type WebhookHandler<Delivery> = (
  delivery: Delivery,
  request: Request,
  // Written out, so that messages of the compiler say what is wanted. Void is what a function without `return` returns.
  // biome-ignore lint/suspicious/noConfusingVoidType: see above
) => Response | undefined | void | Promise<Response | undefined | void>

/** Takes the handler, and returns the function that fetch runtimes call. Omit the handler only with `handOff`. */
export interface WebhookRoute<Delivery> extends Pick<Receiver, 'idle' | 'health'> {
  (handler?: WebhookHandler<Delivery>): (request: Request) => Promise<Response>
}

/**
 * Creates fetch route handlers (Hono, Next.js, Bun, Deno) that pass each verified event to your handler once. They answer
 * all other requests themselves.
 *
 * The handler's Response decides. A 2xx, or no Response, marks the event as handled. Any other status, or an error,
 * releases it, and the provider's next attempt is handled. The runtime gets the error, or a `TypeError` if the result is
 * not a Response. The event is settled by the status before the body of a streamed Response is sent.
 *
 * Throws a `TypeError` for a wrong option.
 *
 * @example
 * const receive = webhooks({ providers: [openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET] })] })
 * export const POST = receive(async ({ event }) => Response.json({ received: true }))
 */
export function webhooks<const Providers extends readonly Provider[]>(
  options: ReceiverOptions<Providers>,
): WebhookRoute<DeliveryOf<Providers[number]>> {
  const receiver = createReceiver(options)

  const route = (handler?: WebhookHandler<DeliveryOf<Providers[number]>>) => {
    if (handler === undefined && options.handOff === undefined) {
      throw new TypeError('webhooks: pass the handler, webhooks(options)(async (delivery) => {})')
    }
    return async (request: Request) => {
      const reception = await receiver.receive(new WebRequest(request))
      if (reception.answer !== undefined) return toResponse(reception.answer)
      let response: Response
      try {
        // Without a handler, every delivery goes to the queue.
        response = checked(await reception.run(() => handler!(reception.delivery, request))) ?? toResponse(RECEIVED)
      } catch (error) {
        reception.fail(error)
        await reception.settle(500)
        throw error
      }
      const settled = reception.settle(response.status)
      const instead = isPromise(settled) ? await settled : settled
      return instead === undefined ? response : toResponse(instead)
    }
  }
  const { idle, health } = receiver
  return Object.assign(route, { idle, health })
}

function checked(answered: Answered): Answered {
  if (answered == null || answered instanceof Response) return answered
  // Some runtimes have several Response classes.
  if (Object.prototype.toString.call(answered) === '[object Response]') return answered
  throw new TypeError(
    'webhooks: the handler must return a Response, or nothing; e.g. Response.json({ received: true })',
  )
}

const toResponse = ({ body, ...init }: Answer) => new Response(body, init)
