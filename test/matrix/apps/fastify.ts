import { webhooks } from '@mailbox-hooks/fastify'
import fastify from 'fastify'
import { createOptions, handle } from './handler.js'
import { announce, PORT } from './port.js'

const app = fastify()
await app.register(webhooks, createOptions())
app.post('/webhooks', { config: { webhook: true } }, (request) => handle(app.webhooks.delivery(request)))
await app.listen({ port: PORT, host: '127.0.0.1' })
announce()
