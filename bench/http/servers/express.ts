import { webhooks } from '@mailbox-hooks/express'
import express, { type RequestHandler } from 'express'
import { verifyByHand } from '../by-hand/bare-minimum.js'
import { settleWhenOut } from '../by-hand/claims.js'
import { answerOf, receive } from '../by-hand/equal-work.js'
import { listening } from './listening.js'
import { OPTIONS } from './variants.js'

const handler: RequestHandler = (_request, response) => {
  response.json({ received: true })
}

const rawBody = express.raw({ type: () => true, limit: '5mb' })

const verified: RequestHandler = (request, response, next) => {
  response.locals.event = verifyByHand(request.headers, request.body)
  if (response.locals.event === undefined) response.sendStatus(401)
  else next()
}

const once: RequestHandler = (request, response, next) => {
  const event = receive(request.headers, request.body)
  if (typeof event === 'number') return void response.status(event).json(answerOf(event))
  settleWhenOut(response, event.event_id)
  response.locals.event = event
  next()
}

const start = (...handlers: RequestHandler[]) =>
  listening(
    express()
      .post('/webhooks', ...handlers)
      .listen(0, '127.0.0.1'),
  )

export const bareMinimum = () => start(rawBody, verified, handler)
export const equalWork = () => start(rawBody, once, handler)
export const ours = () => start(webhooks(OPTIONS), handler)
