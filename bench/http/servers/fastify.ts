import { webhooks } from '@mailbox-hooks/fastify'
import fastify, { type FastifyInstance } from 'fastify'
import { OPTIONS, type Variant, verifyByHand } from './variants.js'

const answer = async () => ({ received: true })

const routes: Readonly<Record<Variant, (app: FastifyInstance) => Promise<void>>> = {
  bare: async (app) => {
    app.addContentTypeParser('application/json', (_request, _payload, done) => done(null))
    app.post('/webhooks', answer)
  },
  'by hand': async (app) => {
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.post('/webhooks', async (request, reply) => {
      // `parseAs: 'buffer'` makes it one.
      request.body = verifyByHand(request, request.body as Buffer)
      if (request.body === undefined) return reply.code(401).send()
      return answer()
    })
  },
  ours: async (app) => {
    await app.register(webhooks, OPTIONS)
    app.post('/webhooks', { config: { webhook: true } }, answer)
  },
}

export async function startFastify(variant: Variant): Promise<number> {
  const app = fastify()
  await routes[variant](app)
  return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
}
