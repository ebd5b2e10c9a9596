import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import { OPTIONS } from '../http/servers/variants.js'

/** Starts Express with these options in this process, and resolves to its port. */
export async function start(options: Partial<ReceiverOptions>): Promise<number> {
  const receive = webhooks({ ...OPTIONS, ...options })
  const server = express()
    .post('/webhooks', receive, (_request, response) => {
      response.json({ received: true })
    })
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
