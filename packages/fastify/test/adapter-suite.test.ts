import { Readable } from 'node:stream'
import { webhooks } from '@mailbox-hooks/fastify'
import { adapterSuite } from '@mailbox-hooks/testing/suites'
import { VERSIONS } from './versions.js'

for (const { name, fastify } of VERSIONS) {
  adapterSuite({
    name,
    start: async (options, handle) => {
      const app = fastify({ forceCloseConnections: true })
      await app.register(webhooks, options)
      app.route({
        // GET is for handshakes.
        method: ['GET', 'POST'],
        url: '/webhooks',
        config: { webhook: true },
        handler: async (request, reply) => {
          const { status, body, pieces } = await handle(request.webhook!)
          return reply.code(status).send(pieces === undefined ? body : Readable.from(pieces))
        },
      })
      return { url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/webhooks`, close: () => app.close() }
    },
    differences: { otherMethods: { status: 404, reason: 'Its router knows the other methods as other routes.' } },
  })
}
