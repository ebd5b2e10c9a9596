import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { webhooks } from '@mailbox-hooks/koa'
import Koa, { type Middleware } from 'koa'
import getRawBody from 'raw-body'
import { OPTIONS, type Variant, verifyByHand } from './variants.js'

const answer: Middleware = (ctx) => {
  ctx.body = { received: true }
}

const checkByHand: Middleware = async (ctx, next) => {
  const body = await getRawBody(ctx.req, { limit: '1mb', length: ctx.length ?? null })
  ctx.state.event = verifyByHand(ctx, body)
  if (ctx.state.event === undefined) ctx.status = 401
  else await next()
}

const middleware: Readonly<Record<Variant, () => Middleware[]>> = {
  bare: () => [answer],
  'by hand': () => [checkByHand, answer],
  // Koa's types want the state that its own application declares.
  ours: () => [webhooks(OPTIONS) as unknown as Middleware, answer],
}

export async function startKoa(variant: Variant): Promise<number> {
  const app = new Koa()
  for (const each of middleware[variant]()) app.use(each)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
