import { createWebhookMiddleware } from '@hookflo/tern/express'
import { createNodeMiddleware, Webhooks } from '@octokit/webhooks'
import express, { type RequestHandler } from 'express'
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { SECRET } from '../../signing.js'
import { STANDARD_SECRET } from '../deliveries.js'
import { listening } from './listening.js'

const rawBody = express.raw({ type: () => true, limit: '5mb' })

const handler: RequestHandler = (_request, response) => {
  response.json({ received: true })
}

const start = (...handlers: RequestHandler[]) =>
  listening(
    express()
      .post('/webhooks', ...handlers)
      .listen(0, '127.0.0.1'),
  )

/** Calls the handler with the event that `verify` returns, and answers 400 if it throws. */
const verifiedBy =
  (verify: (...request: [body: Buffer, header: (name: string) => string]) => unknown): RequestHandler =>
  (request, response, next) => {
    try {
      response.locals.event = verify(request.body, (name) => request.get(name) ?? '')
    } catch {
      return void response.sendStatus(400)
    }
    next()
  }

const ignore = () => {}
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }

export function octokit(): Promise<number> {
  const webhooks = new Webhooks({ secret: SECRET, log })
  webhooks.on('ping', ignore)
  return start(createNodeMiddleware(webhooks, { path: '/webhooks', log }))
}

export const tern = () =>
  // Its `req.webhook` has another type than ours.
  start(rawBody, createWebhookMiddleware({ platform: 'github', secret: SECRET }) as unknown as RequestHandler, handler)

export function stripe(): Promise<number> {
  const { webhooks } = new Stripe('sk_test_none')
  const verify = verifiedBy((body, header) => webhooks.constructEvent(body, header('stripe-signature'), SECRET))
  return start(rawBody, verify, handler)
}

export function standardwebhooks(): Promise<number> {
  const webhook = new Webhook(STANDARD_SECRET)
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
  const verify = verifiedBy((body, header) =>
    webhook.verify(body, Object.fromEntries(names.map((name) => [name, header(name)]))),
  )
  return start(rawBody, verify, handler)
}
