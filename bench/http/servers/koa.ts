import { webhooks } from '@mailbox-hooks/koa'
import Koa, { type Context, type Middleware } from 'koa'
import getRawBody from 'raw-body'
import { verifyByHand } from '../by-hand/bare-minimum.js'
import { settleWhenOut } from '../by-hand/claims.js'
import { answerOf, receive } from '../by-hand/equal-work.js'
import { listening } from './listening.js'
import { OPTIONS } from './variants.js'

const handler: Middleware = (ctx) => {
  ctx.body = { received: true }
}

const rawBody = (ctx: Context) => getRawBody(ctx.req, { limit: '5mb', length: ctx.length ?? null })

const verified: Middleware = async (ctx, next) => {
  ctx.state.event = verifyByHand(ctx.headers, await rawBody(ctx))
  if (ctx.state.event === undefined) ctx.status = 401
  else await next()
}

const once: Middleware = async (ctx, next) => {
  const event = receive(ctx.headers, await rawBody(ctx))
  if (typeof event === 'number') {
    ctx.status = event
    ctx.body = answerOf(event)
    return
  }
  settleWhenOut(ctx.res, event.event_id)
  ctx.state.event = event
  await next()
}

function start(...middleware: Middleware[]): Promise<number> {
  const app = new Koa()
  for (const each of middleware) app.use(each)
  return listening(app.listen(0, '127.0.0.1'))
}

export const bareMinimum = () => start(verified, handler)
export const equalWork = () => start(once, handler)
// Koa's types want the state that its own application declares.
export const ours = () => start(webhooks(OPTIONS) as unknown as Middleware, handler)
