import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import { createOptions, handle } from './handler.js'
import { announce, PORT } from './port.js'

const receive = webhooks(createOptions())

const app = express().set('env', 'test')
app.post('/webhooks', receive, async (request, response) => {
  response.json(await handle(receive.delivery(request)))
})
app.listen(PORT, '127.0.0.1', announce)
