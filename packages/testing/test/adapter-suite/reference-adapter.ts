import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import {
  type Accepted,
  type Answer,
  createReceiver,
  type Delivery,
  type ReceiverOptions,
  type WebhookRequest,
} from '@mailbox-hooks/core'
import { NodeRequest } from '@mailbox-hooks/core/node'
import type { AdapterUnderTest, HandlerReply } from '../../src/adapter-suite/adapter-under-test.js'
import { serve } from '../../src/adapter-suite/serve.js'

/** The places at which an adapter can go wrong. Each gets what the reference does there, and may do otherwise. */
export interface Breakage {
  /** Changes the options on their way to the receiver. */
  readonly options?: (options: ReceiverOptions) => ReceiverOptions
  /** Changes the request as the receiver sees it. */
  readonly request?: (request: WebhookRequest, message: IncomingMessage) => WebhookRequest
  /** Changes the delivery on its way to the handler. */
  readonly delivery?: (delivery: Delivery) => Delivery
  /** Changes how the handler is run. */
  readonly run?: (
    accepted: Accepted,
    handler: () => Promise<HandlerReply>,
    message: IncomingMessage,
  ) => Promise<HandlerReply>
  /** Changes the status of a handler that has failed. */
  readonly statusOfError?: number
  /** Does nothing with the handler's error. */
  readonly fail?: (accepted: Accepted, error: unknown) => void
  /** Changes how the event is settled. Resolves to an answer that replaces the handler's. */
  readonly settle?: (accepted: Accepted, status: number) => Promise<Answer | undefined>
  /** Changes an answer of the receiver. Undefined: the connection is cut off. */
  readonly answer?: (answer: Answer, message: IncomingMessage) => Answer | undefined
  /** Changes an answer of the handler. */
  readonly reply?: (reply: HandlerReply) => HandlerReply
  /** Answers before anything else. Returns whether it did. */
  readonly before?: (message: IncomingMessage, response: ServerResponse) => boolean
}

/** The least adapter over Node's server, with one thing wrong, or none. */
export function underTest(name: string, breakage: Breakage = {}): AdapterUnderTest {
  return {
    name,
    start(given, handle) {
      const { options = same, request = same, delivery = same, answer = same, reply = same, before } = breakage
      const { run = runIt, fail = noteError, settle = settleIt, statusOfError = 500 } = breakage
      const receiver = createReceiver(options(given))

      async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
        if (before?.(message, response)) return
        const reception = await receiver.receive(request(new NodeRequest(message), message))
        if (reception.answer !== undefined) return write(response, answer(reception.answer, message))
        let handled: HandlerReply
        try {
          handled = reply(await run(reception, () => handle(delivery(reception.delivery)), message))
        } catch (error) {
          fail(reception, error)
          handled = { status: statusOfError }
        }
        const instead = await settle(reception, handled.status)
        if (instead === undefined) writeReply(response, handled)
        else write(response, answer(instead, message))
      }

      return serve((message, response) => void receive(message, response).catch(() => response.destroy()))
    },
  }
}

const same = <T>(value: T): T => value
const runIt: NonNullable<Breakage['run']> = async (accepted, handler) => accepted.run(handler)
const noteError: NonNullable<Breakage['fail']> = (accepted, error) => accepted.fail(error)
const settleIt: NonNullable<Breakage['settle']> = async (accepted, status) => accepted.settle(status)

function write(response: ServerResponse, answer: Answer | undefined): void {
  if (answer === undefined) response.destroy()
  else response.writeHead(answer.status, { ...answer.headers }).end(answer.body)
}

function writeReply(response: ServerResponse, { status, body, pieces }: HandlerReply): void {
  if (pieces !== undefined) Readable.from(pieces).pipe(response.writeHead(status))
  else if (body === undefined) response.writeHead(status).end()
  else {
    const text = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    response.writeHead(status, headers).end(text)
  }
}

/** A request with some of its methods replaced. */
export const changed = (request: WebhookRequest, changes: Partial<WebhookRequest>): WebhookRequest => ({
  method: request.method,
  url: request.url,
  original: request.original,
  header: (name) => request.header(name),
  headers: () => request.headers?.() ?? {},
  readBody: (limit) => request.readBody(limit),
  isOpenEnded: () => request.isOpenEnded(),
  drainBody: async (limit) => (await request.drainBody?.(limit)) ?? true,
  ...changes,
})
