import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { webhooks } from '@mailbox-hooks/express'
import express, { type RequestHandler } from 'express'
import { OPTIONS, type Variant, verifyByHand } from './variants.js'

const answer: RequestHandler = (_request, response) => {
  response.json({ received: true })
}

const checkByHand: RequestHandler = (request, response, next) => {
  request.body = verifyByHand(request, request.body)
  if (request.body === undefined) response.sendStatus(401)
  else next()
}

const handlers: Readonly<Record<Variant, () => RequestHandler[]>> = {
  bare: () => [answer],
  'by hand': () => [express.raw({ type: '*/*' }), checkByHand, answer],
  ours: () => [webhooks(OPTIONS), answer],
}

export async function startExpress(variant: Variant): Promise<number> {
  const server = express()
    .post('/webhooks', ...handlers[variant]())
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
