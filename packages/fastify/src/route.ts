import { types } from 'node:util'
import type { Answer } from '@mailbox-hooks/core'
import { isBodyHeader } from '@mailbox-hooks/core/node'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'

const NO_BODY = { 'content-type': undefined, 'content-length': undefined, 'transfer-encoding': undefined }

/**
 * Hides the body of a request, so that no parser, `bodyLimit` or content-type check acts on the bytes that were read. Call
 * it in `preParsing`, and the returned function in `preValidation`, which restores the headers.
 */
export function hideBody(request: FastifyRequest): () => void {
  const { headers } = request
  // The assigned headers override the received ones.
  const isAsItCame = headers === request.raw.headers
  request.headers = isAsItCame ? NO_BODY : { ...headers, ...NO_BODY }
  return () => {
    // Without assigned headers, those that were received are there again. Fastify's types do not know that.
    request.headers = isAsItCame ? (undefined as unknown as FastifyRequest['headers']) : headers
  }
}

/**
 * Settles an async handler that returns nothing, if no reply does. Fastify sends no reply if the client has left, or if
 * the handler answered without Fastify. `onSend` then never runs. The status is undefined if a hijacked reply is not answered
 * yet.
 */
export function settleAtEnd(
  handler: RouteOptions['handler'],
  settle: (request: FastifyRequest, reply: FastifyReply, status: number | undefined) => void,
): RouteOptions['handler'] {
  return function (request, reply) {
    const ending: unknown = handler.call(this, request, reply)
    // Of any realm. No other thenable: some begin their work anew each time that somebody waits for them.
    if (types.isPromise(ending)) {
      ending.then(
        (value) => {
          if (value === undefined) settle(request, reply, statusAtEnd(reply))
        },
        () => 'Fastify replies to a failure, whether the client is there or not.',
      )
    }
    return ending
  }
}

/** Returns the status of a handler that has ended. Undefined if a hijacked reply is not answered yet. */
function statusAtEnd({ raw, sent, statusCode }: FastifyReply): number | undefined {
  if (raw.writableEnded) return raw.statusCode
  return sent ? undefined : statusCode
}

/**
 * Returns a `then` for replies. A handler that awaits or returns its reply then waits until the reply has settled the
 * event. Fastify's own `then` resolves if the client leaves. Unfinished work would then count as a success.
 *
 * `waitingFor` returns who waits for a reply to settle its event, or undefined if there is nothing to settle. Put it on the
 * scope's prototype of replies, because a property on each reply takes Fastify longer than a signature.
 */
export function thenOnceSettled(
  waitingFor: (request: FastifyRequest) => (() => void)[] | undefined,
): FastifyReply['then'] {
  return function then(this: FastifyReply, ...continuations) {
    const goOn = () => inherited(this, then).apply(this, continuations)
    // A hijacked reply also counts as sent, but settles nothing.
    const waiting = this.sent ? undefined : waitingFor(this.request)
    if (waiting === undefined) goOn()
    else waiting.push(goOn)
  }
}

/** Returns the `then` that this one overrides. */
function inherited(reply: FastifyReply, own: FastifyReply['then']): FastifyReply['then'] {
  let prototype = reply
  while (prototype.then === own) prototype = Object.getPrototypeOf(prototype)
  return prototype.then
}

/** Returns the status of a reply. A Response has its own status, which Fastify reads after `onSend`. */
export function statusOf({ statusCode }: FastifyReply, payload: unknown): number {
  return typeof payload === 'object' && payload instanceof Response ? payload.status : statusCode
}

/** Remembers the head of a reply. The returned function restores it if it was changed. */
export function fixHead(reply: FastifyReply): () => void {
  const { statusCode } = reply
  const headers = reply.getHeaders()
  return () => {
    const now = reply.getHeaders()
    if (reply.statusCode === statusCode && isSame(now, headers)) return
    // Remove it first: setting a cookie again would add a second one.
    for (const name of Object.keys(now)) reply.removeHeader(name)
    reply.code(statusCode).headers(headers)
  }
}

type Headers = ReturnType<FastifyReply['getHeaders']>

function isSame(now: Headers, then: Headers): boolean {
  const names = Object.keys(now)
  return names.length === Object.keys(then).length && names.every((name) => now[name] === then[name])
}

/** Sets the head of a reply to an answer of the receiver, and returns its body. */
export function setAnswer(reply: FastifyReply, { status, headers, body }: Answer): string {
  for (const name of Object.keys(reply.getHeaders())) {
    if (isBodyHeader(name)) reply.removeHeader(name)
  }
  reply.code(status).headers({ ...headers })
  return body
}
