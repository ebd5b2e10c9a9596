import type { Answer } from '@mailbox-hooks/core'
import { isBodyHeader } from '@mailbox-hooks/core/node'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'

const NO_BODY = { 'content-type': undefined, 'content-length': undefined, 'transfer-encoding': undefined }

/**
 * Makes a request look as if it had no body, so that no parser, no `bodyLimit` and no check of the content-type acts on
 * what has been read. For `preParsing`; the function it returns takes it back, for `preValidation`.
 */
export function hideBody(request: FastifyRequest): () => void {
  const { headers } = request
  // What is set is put over the headers as they came.
  const isAsItCame = headers === request.raw.headers
  request.headers = isAsItCame ? NO_BODY : { ...headers, ...NO_BODY }
  return () => {
    request.headers = isAsItCame ? {} : headers
  }
}

/**
 * Settles an async handler that ends with nothing, as far as its reply does not: Fastify sends no reply for it when the
 * client has gone, or when the handler has answered past Fastify, so `onSend` never comes.
 */
export function settleAtEnd(
  handler: RouteOptions['handler'],
  settle: (request: FastifyRequest, status: number) => void,
): RouteOptions['handler'] {
  return function (request, reply) {
    const ending: unknown = handler.call(this, request, reply)
    if (ending instanceof Promise) {
      ending.then(
        (value) => {
          const status = statusAtEnd(reply)
          if (value === undefined && status !== undefined) settle(request, status)
        },
        () => 'Fastify replies to a failure, whether the client is there or not.',
      )
    }
    return ending
  }
}

/** The status of a handler that has ended; undefined where a hijacked reply is still to be answered. */
function statusAtEnd({ raw, sent, statusCode }: FastifyReply): number | undefined {
  if (raw.writableEnded) return raw.statusCode
  return sent ? undefined : statusCode
}

/**
 * A `then` for replies that lets a handler that awaits or returns its reply wait until the event is settled by it.
 * Fastify's own wait ends when the client goes, which would count as an end with nothing, that is as success, of work that
 * still goes on.
 *
 * `waitingFor` tells who waits for a reply to settle its event, undefined where nothing is to be settled (any more). For
 * the scope's prototype of replies: a property on each of them takes Fastify longer than a signature.
 */
export function thenOnceSettled(
  waitingFor: (request: FastifyRequest) => (() => void)[] | undefined,
): FastifyReply['then'] {
  return function then(this: FastifyReply, ...continuations) {
    const goOn = () => inherited(this, then).apply(this, continuations)
    // A hijacked reply is sent, too: nothing is settled by it.
    const waiting = this.sent ? undefined : waitingFor(this.request)
    if (waiting === undefined) goOn()
    else waiting.push(goOn)
  }
}

/** What it stands in front of. */
function inherited(reply: FastifyReply, own: FastifyReply['then']): FastifyReply['then'] {
  let prototype = reply
  while (prototype.then === own) prototype = Object.getPrototypeOf(prototype)
  return prototype.then
}

/** A Response brings its own status, which Fastify looks at after `onSend`. */
export function statusOf({ statusCode }: FastifyReply, payload: unknown): number {
  return payload instanceof Response ? payload.status : statusCode
}

/** Remembers the head of a reply. The function it returns puts it back, if it was changed. */
export function fixHead(reply: FastifyReply): () => void {
  const { statusCode } = reply
  const headers = reply.getHeaders()
  return () => {
    const now = reply.getHeaders()
    if (reply.statusCode === statusCode && isSame(now, headers)) return
    // Removed first: a cookie that is set again would be added to itself.
    for (const name of Object.keys(now)) reply.removeHeader(name)
    reply.code(statusCode).headers(headers)
  }
}

type Headers = ReturnType<FastifyReply['getHeaders']>

function isSame(now: Headers, then: Headers): boolean {
  const names = Object.keys(now)
  return names.length === Object.keys(then).length && names.every((name) => now[name] === then[name])
}

/** Makes an answer of the receiver's own the head of a reply, and returns its body. */
export function setAnswer(reply: FastifyReply, { status, headers, body }: Answer): string {
  for (const name of Object.keys(reply.getHeaders())) {
    if (isBodyHeader(name)) reply.removeHeader(name)
  }
  reply.code(status).headers({ ...headers })
  return body
}
