import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { webhooks } from '@mailbox-hooks/fetch'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { verifyByHand } from '../by-hand/bare-minimum.js'
import { settle } from '../by-hand/claims.js'
import { answerOf, receive } from '../by-hand/equal-work.js'
import { listening } from './listening.js'
import { OPTIONS } from './variants.js'

const handler = (c: Context) => c.json({ received: true })

const headersOf = (c: Context) => ({
  'x-timestamp': c.req.header('x-timestamp'),
  'x-signature': c.req.header('x-signature'),
})

const rawBody = async (c: Context) => Buffer.from(await c.req.arrayBuffer())

const verified: MiddlewareHandler = async (c, next) => {
  const event = verifyByHand(headersOf(c), await rawBody(c))
  if (event === undefined) return c.json({ received: false }, 401)
  c.set('event', event)
  return next()
}

const once: MiddlewareHandler = async (c, next) => {
  const event = receive(headersOf(c), await rawBody(c))
  if (typeof event === 'number') return Response.json(answerOf(event), { status: event })
  c.set('event', event)
  await next()
  settle(event.event_id, c.res.status)
  return undefined
}

// Without an option for HTTP/2 it is one of HTTP/1.
const start = ({ fetch }: Hono) => listening(serve({ fetch, port: 0, hostname: '127.0.0.1' }) as Server)

export const bareMinimum = () => start(new Hono().post('/webhooks', verified, handler))
export const equalWork = () => start(new Hono().post('/webhooks', once, handler))

export function ours(): Promise<number> {
  const POST = webhooks(OPTIONS)(async () => Response.json({ received: true }))
  return start(new Hono().post('/webhooks', (c) => POST(c.req.raw)))
}
