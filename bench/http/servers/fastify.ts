import { webhooks } from '@mailbox-hooks/fastify'
import fastify, { type FastifyInstance, type preHandlerAsyncHookHandler } from 'fastify'
import { verifyByHand } from '../by-hand/bare-minimum.js'
import { settleWhenOut } from '../by-hand/claims.js'
import { answerOf, receive } from '../by-hand/equal-work.js'
import { OPTIONS } from './variants.js'

const handler = async () => ({ received: true })

/** `parseAs: 'buffer'` makes bodies `Buffer`s. */
function keepBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 5_000_000 }, (_request, body, done) => done(null, body))
}

const verified: preHandlerAsyncHookHandler = async (request, reply) => {
  request.body = verifyByHand(request.headers, request.body as Buffer)
  if (request.body === undefined) return reply.code(401).send()
}

const once: preHandlerAsyncHookHandler = async (request, reply) => {
  const event = receive(request.headers, request.body as Buffer)
  if (typeof event === 'number') return reply.code(event).send(answerOf(event))
  settleWhenOut(reply.raw, event.event_id)
  request.body = event
}

async function listen(app: FastifyInstance): Promise<number> {
  return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
}

function startByHand(preHandler: preHandlerAsyncHookHandler): Promise<number> {
  const app = fastify()
  keepBytes(app)
  app.post('/webhooks', { preHandler }, handler)
  return listen(app)
}

export const bareMinimum = () => startByHand(verified)
export const equalWork = () => startByHand(once)

export async function ours(): Promise<number> {
  const app = fastify()
  await app.register(webhooks, OPTIONS)
  app.post('/webhooks', { config: { webhook: true } }, handler)
  return listen(app)
}
