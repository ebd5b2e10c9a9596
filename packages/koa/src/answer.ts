import { STATUS_CODES } from 'node:http'
import type { Answer } from '@mailbox-hooks/core'
import { isBodyHeader } from '@mailbox-hooks/core/node'
import type { ParameterizedContext } from 'koa'

/** Returns whether the handler set neither status nor body. */
export function isUnanswered({ status, response }: ParameterizedContext): boolean {
  // Koa's initial status is 404, which a handler may also set. This field, there since 2.0, shows whether it did.
  const { _explicitStatus: isSaid = false } = response as { _explicitStatus?: boolean }
  return status === 404 && !isSaid
}

/** Returns the status with which Koa answers an error. */
export function statusOfThrown(error: unknown): number {
  const { status, statusCode } = Object(error)
  const said: unknown = status || statusCode
  return typeof said === 'number' && STATUS_CODES[said] !== undefined ? said : 500
}

/** Sets an answer of the receiver. */
export function setAnswer(ctx: ParameterizedContext, { status, headers, body }: Answer): void {
  for (const name of ctx.res.getHeaderNames()) {
    if (isBodyHeader(name)) ctx.remove(name)
  }
  ctx.status = status
  ctx.body = body
  ctx.set({ ...headers })
}

/** Sends an answer of the receiver in place of the handler's. Cuts the connection if a part of that was already sent. */
export function replaceAnswer(ctx: ParameterizedContext, answer: Answer): void {
  if (ctx.headerSent) {
    // Koa must not complete it.
    ctx.respond = false
    ctx.res.destroy()
  } else setAnswer(ctx, answer)
}
