import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { webhooks } from '@mailbox-hooks/express'
import express, { type RequestHandler } from 'express'
import { OPTIONS, readByHand, type Variant, verifyByHand } from './variants.js'

const answer: RequestHandler = (_request, response) => {
  response.json({ received: true })
}

const checkByHand: RequestHandler = async (request, response, next) => {
  const body = await readByHand(request)
  if (verifyByHand(request, body) === undefined) response.sendStatus(401)
  else next()
}

const handlers: Readonly<Record<Variant, () => RequestHandler[]>> = {
  bare: () => [answer],
  'by hand': () => [checkByHand, answer],
  ours: () => [webhooks(OPTIONS), answer],
}

export async function startExpress(variant: Variant): Promise<number> {
  const server = express()
    .post('/webhooks', ...handlers[variant]())
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
